#ifndef SLUICE_WIDE_SEARCH_H
#define SLUICE_WIDE_SEARCH_H

#include <stddef.h>
#include <stdint.h>

/*
 * Looks for the first of the one-sided steps that packets pass, and for the pairs of elements that may have others:
 * what `WideTable.search` does before `tryPairs`. The words are drawn above `WideTable` and `PortClasses`.
 */

/* What is read of a wide table, and where is written what was found. */
struct sluice_search_table {
    /* The classes of ports, and the places of the rows of tests that these pass. */
    uint32_t numbers, rows;
    /* The index of pairs. */
    uint32_t slots, slot_shift;
    /* The lanes, and the places of those whose pairs are looked for. */
    uint32_t lanes, left_lanes;
    /* The pairs and how many there is room for. */
    uint32_t pairs, pair_capacity;
};

/* What became of the pairs of some lanes. */
struct sluice_pair_counts {
    /* How many lanes may have pairs; up to which of these they are written, and how many there are. */
    uint32_t left, end, pairs;
};

/*
 * Has the first `count` lanes, at most 64, know the least rank of the one-sided steps that their packets pass and the
 * row of the tests that these pass. Writes the pairs that both filters leave, with the places of their slots, as long
 * as there is room for all that a lane may have.
 */
struct sluice_pair_counts sluice_search(void *memory, const struct sluice_search_table *table, size_t count);

/* Writes those of the lanes that may have pairs from `first` on, of `left`. */
struct sluice_pair_counts sluice_find_pairs(
    void *memory, const struct sluice_search_table *table, uint32_t first, uint32_t left);

#endif
