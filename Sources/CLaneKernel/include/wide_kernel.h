#ifndef SLUICE_WIDE_KERNEL_H
#define SLUICE_WIDE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decides packets by a wide table, sixteen in each step: `WideKernel` in FilterTables says for what, and what the words
 * here mean is drawn above `Query`, `RangeMap`, `PortIndex`, `CandidateTable`, `PatternTable`, `OutcomeWords` and
 * `WideTable`'s lanes. Places are byte offsets in the memory of merged tables, all far below 2^31.
 */

/* What is read of a wide table, and where what is left of its packets is written. */
struct sluice_wide_table {
    /* The maps from addresses to records, and the word of those that are not known. */
    uint32_t source_map, destination_map, unknown;
    /* Whether sources are local addresses. */
    bool is_egress;
    /* Whether lines are asked for a step before they are read. */
    bool is_large;
    /* The values of ports. */
    uint32_t protocols, sources;
    bool tests_sources;
    /* Whether candidates are looked for. */
    bool is_asked;
    /* The lines of candidates, by the upper bits of a hash, and how many pairs have room in one. */
    uint32_t lines, line_shift, pair_count;
    /* The patterns, how many bytes each has and where in them those of sources begin. */
    uint32_t patterns, pattern_bytes, source_bytes;
    uint64_t reciprocal;
    /* The kinds of outcomes. */
    uint32_t kinds;
    /* The lanes and places of packets that are left, and the pairs that have no candidates. */
    uint32_t lanes, places, new_pairs;
};

/* What became of some queries. */
struct sluice_wide_counts {
    /* How many were looked at: up to the first of which a record is not known. */
    uint32_t found;
    /* How many of these are left, and how many pairs are new. */
    uint32_t left, new_pairs;
};

/*
 * Decides those of `count` queries of one run, at most 64, whose pairs have candidates, and leaves lanes of the others.
 * Reads up to three bytes behind a place. Only where `sluice_has_lane_kernel`.
 */
struct sluice_wide_counts sluice_decide_wide(
    void *memory, const struct sluice_wide_table *table, const void *queries, size_t count, void *outcomes);

#endif
