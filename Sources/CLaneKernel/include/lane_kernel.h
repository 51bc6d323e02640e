#ifndef SLUICE_LANE_KERNEL_H
#define SLUICE_LANE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decides packets by a merged table, sixteen in each step: `LaneKernel` in FilterTables says for what, and what the
 * words here mean is drawn above `Query`, `ClassMap`, `PairTable`, `PortIndex` and `PortClasses`. Places are byte
 * offsets in the memory of merged tables, all far below 2^31.
 */

/* Says that not all addresses are of one class. */
static const uint32_t sluice_by_map = UINT32_MAX;

/* What is read of a merged table. */
struct sluice_lane_table {
    /* The maps from addresses to classes, and the class of all addresses, or `sluice_by_map`. */
    uint32_t source_map, destination_map;
    uint32_t source_class, destination_class;
    /* The pairs' words, and by how many bits the classes of either side are shifted in their offsets. */
    uint32_t pairs, source_shift, destination_shift;
    /* The classes of ports. */
    uint32_t protocols, sources, numbers;
    bool tests_sources;
    /* The outcomes of the steps. */
    uint32_t outcomes;
};

/* Whether this machine has the instructions. Where it has not, nothing below may be called. */
bool sluice_has_lane_kernel(void);

/* How many queries from the first on, of `count`, have the interface, direction and kind of the first. */
size_t sluice_run_length(const void *queries, size_t count);

/*
 * Writes the outcomes of `count` queries of one run, and to `missing` the numbers of those whose classes or answers are
 * not made yet, ascending; what it writes for these means nothing. Returns how many they are. Reads up to two bytes
 * behind a place.
 */
size_t sluice_decide_lanes(
    const void *memory, const struct sluice_lane_table *table, const void *queries, size_t count, void *outcomes,
    uint16_t *missing);

#endif
