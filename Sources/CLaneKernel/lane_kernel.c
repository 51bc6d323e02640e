#include "lane_kernel.h"

#if defined(__x86_64__)

#include "lanes.h"

/* What a `ClassMap` has: the bytes before its nodes, and the bit of a half that is a class. */
enum { MAP_ROOT_BYTES = 2 << 16, IS_CLASS = 0x8000 };

/* How far ahead of the end of a run queries are asked for; 1,536 bytes are too few, 12,288 gain less. */
enum { AHEAD_BYTES = 4096 };

bool sluice_has_lane_kernel(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl");
}

TARGET size_t sluice_run_length(const void *queries, size_t count) {
    /* What three vectors, four queries, have to be, in the bits that matter. */
    uint32_t wanted_words[3 * LANES] = {0}, masks[3 * LANES] = {0};
    const uint32_t *first = queries;
    for (int query = 0; query < 4; query++) {
        int word = QUERY_WORDS * query;
        wanted_words[word + INTERFACE_WORD] = first[INTERFACE_WORD];
        wanted_words[word + KIND_WORD] = first[KIND_WORD];
        masks[word + INTERFACE_WORD] = UINT32_MAX;
        masks[word + KIND_WORD] = RUN_FLAGS;
    }
    size_t length = 0;
    for (; length + 4 <= count; length += 4) {
        const char *ahead = (const char *)(first + QUERY_WORDS * length) + AHEAD_BYTES;
        for (int line = 0; line < 3; line++) __builtin_prefetch(ahead + 64 * line);
        __m512i other = _mm512_setzero_si512();
        for (int part = 0; part < 3; part++) {
            __m512i words = _mm512_loadu_si512(first + QUERY_WORDS * length + LANES * part);
            __m512i differing = _mm512_xor_si512(words, _mm512_loadu_si512(wanted_words + LANES * part));
            other = _mm512_or_si512(other, both(differing, _mm512_loadu_si512(masks + LANES * part)));
        }
        if (_mm512_test_epi32_mask(other, other)) break;
    }
    for (; length < count; length++) {
        const uint32_t *query = first + QUERY_WORDS * length;
        if (query[INTERFACE_WORD] != first[INTERFACE_WORD]) break;
        if ((query[KIND_WORD] ^ first[KIND_WORD]) & RUN_FLAGS) break;
    }
    return length;
}

/* The offset of a node's half for the octet in the bits 8 to 1 of `octet`, or of the one that leads to a class. */
INLINED __m512i node_offset(__m512i half, __m512i octet) {
    __m512i place = _mm512_or_si512(_mm512_slli_epi32(half, 9), both(octet, all(0x1FE)));
    __m512i shift = both(_mm512_srli_epi32(half, 12), all(8));
    return _mm512_andnot_si512(all(1), _mm512_srlv_epi32(place, shift));
}

/* The classes of addresses; with `IS_CLASS` set where they are not known. */
INLINED void find_classes(
    const char *memory, uint32_t map, uint32_t only, const __m512i addresses[], __m512i classes[], int count) {
    __m512i nodes = all(map + MAP_ROOT_BYTES);
    if (only != sluice_by_map) {
        FOR_EACH(v) classes[v] = all(only);
        return;
    }
    FOR_EACH(v) {
        __m512i offset = _mm512_slli_epi32(_mm512_srli_epi32(addresses[v], 16), 1);
        classes[v] = gather_halves(memory, sum(all(map), offset));
    }
    FOR_EACH(v) {
        __m512i offset = node_offset(classes[v], _mm512_srli_epi32(addresses[v], 7));
        classes[v] = gather_halves(memory, sum(nodes, offset));
    }
    FOR_EACH(v) {
        __m512i offset = node_offset(classes[v], _mm512_slli_epi32(addresses[v], 1));
        __m512i half = gather_halves(memory, sum(nodes, offset));
        classes[v] = _mm512_xor_si512(half, all(IS_CLASS));
    }
}

/* The classes of protocols and ports. */
INLINED void find_port_classes(
    const char *memory, const struct sluice_lane_table *table, const struct fields queries[], __m512i numbers[],
    int count) {
    __m512i values[MAXIMUM_VECTORS];
    find_destination_values(memory, table->protocols, queries, values, count);
    if (table->tests_sources) {
        __m512i source_values[MAXIMUM_VECTORS];
        find_source_values(memory, table->sources, queries, source_values, count);
        FOR_EACH(v) values[v] = sum(values[v], source_values[v]);
    }
    FOR_EACH(v) numbers[v] = gather_halves(memory, sum(all(table->numbers), _mm512_slli_epi32(values[v], 1)));
}

/* Writes the outcomes of the steps of some lanes. */
INLINED void write_outcomes(const char *table_outcomes, __m512i steps, __mmask16 lanes, char *outcomes) {
    __m512i offsets = _mm512_slli_epi32(steps, 3);
    __m512i low = _mm512_i32gather_epi64(_mm512_castsi512_si256(offsets), table_outcomes, 1);
    __m512i high = _mm512_i32gather_epi64(_mm512_extracti64x4_epi64(offsets, 1), table_outcomes, 1);
    _mm512_mask_storeu_epi64(outcomes, (__mmask8)lanes, low);
    _mm512_mask_storeu_epi64(outcomes + OUTCOME_BYTES * LANES / 2, (__mmask8)(lanes >> 8), high);
}

/* What is decided, and where that is written. */
struct run {
    const char *queries;
    char *outcomes;
};

/* `sluice_decide_lanes` for `query_count` queries from `first` on, which fit into `count` vectors. */
INLINED size_t decide(
    const char *memory, const struct sluice_lane_table *table, const struct run *run, size_t first,
    size_t query_count, uint16_t *missing, int count) {
    const char *from_first = run->queries + QUERY_BYTES * first;
    char *outcomes = run->outcomes + OUTCOME_BYTES * first;
    struct fields queries[MAXIMUM_VECTORS];
    __m512i sources[MAXIMUM_VECTORS], destinations[MAXIMUM_VECTORS], numbers[MAXIMUM_VECTORS];
    __m512i rows[MAXIMUM_VECTORS], addresses[MAXIMUM_VECTORS], steps[MAXIMUM_VECTORS];
    __mmask16 used[MAXIMUM_VECTORS], answered[MAXIMUM_VECTORS];
    FOR_EACH(v) {
        size_t begin = LANES * (size_t)v;
        queries[v] = fields(from_first, begin, query_count);
        used[v] = query_count > begin ? first_lanes(query_count - begin) : 0;
        addresses[v] = queries[v].sources;
    }
    find_classes(memory, table->source_map, table->source_class, addresses, sources, count);
    FOR_EACH(v) addresses[v] = queries[v].destinations;
    find_classes(memory, table->destination_map, table->destination_class, addresses, destinations, count);
    find_port_classes(memory, table, queries, numbers, count);
    FOR_EACH(v) {
        __m512i classes = _mm512_or_si512(sources[v], destinations[v]);
        __m512i place = sum(
            sum(all(table->pairs), _mm512_sllv_epi32(sources[v], all(table->source_shift))),
            _mm512_sllv_epi32(destinations[v], all(table->destination_shift)));
        rows[v] = gather_some(memory, _mm512_mask_testn_epi32_mask(used[v], classes, all(IS_CLASS)), place);
    }
    FOR_EACH(v) {
        answered[v] = _mm512_test_epi32_mask(rows[v], rows[v]);
        __m512i place = sum(rows[v], _mm512_slli_epi32(numbers[v], 1));
        steps[v] = both(gather_some(memory, answered[v], place), all(0xFFFF));
    }
    size_t missing_count = 0;
    FOR_EACH(v) {
        size_t begin = LANES * (size_t)v;
        write_outcomes(memory + table->outcomes, steps[v], used[v], outcomes + OUTCOME_BYTES * begin);
        for (unsigned left = used[v] & ~answered[v]; left; left &= left - 1)
            missing[missing_count++] = (uint16_t)(first + begin + (unsigned)__builtin_ctz(left));
    }
    return missing_count;
}

TARGET size_t sluice_decide_lanes(
    const void *memory, const struct sluice_lane_table *table, const void *queries, size_t count, void *outcomes,
    uint16_t *missing) {
    enum { MOST = MAXIMUM_VECTORS * LANES };
    const struct run run = {queries, outcomes};
    size_t missing_count = 0, first = 0;
    for (; count - first >= MOST; first += MOST)
        missing_count += decide(memory, table, &run, first, MOST, missing + missing_count, MAXIMUM_VECTORS);
    size_t rest = count - first;
    if (rest > LANES)
        missing_count += decide(memory, table, &run, first, rest, missing + missing_count, MAXIMUM_VECTORS);
    else if (rest > 0)
        missing_count += decide(memory, table, &run, first, rest, missing + missing_count, 1);
    return missing_count;
}

#else

/* Never called: see `sluice_has_lane_kernel`. */

bool sluice_has_lane_kernel(void) { return false; }

size_t sluice_run_length(const void *queries, size_t count) {
    (void)queries, (void)count;
    return 0;
}

size_t sluice_decide_lanes(
    const void *memory, const struct sluice_lane_table *table, const void *queries, size_t count, void *outcomes,
    uint16_t *missing) {
    (void)memory, (void)table, (void)queries, (void)count, (void)outcomes, (void)missing;
    return 0;
}

#endif
