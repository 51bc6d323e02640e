#include "wide_kernel.h"

#if defined(__x86_64__)

#include "range_maps.h"

/*
 * Of candidates: the bits of a pattern's number in a pair's word, a step that is left out, where the bytes of patterns
 * begin.
 */
enum { PATTERN_BITS = 20, LEFT_OUT = 6, PATTERN_BYTES = 16 };

/* Of an `OutcomeWords` word. */
enum { RULE_BITS = 28 };

/* A word of each packet of some vectors. */
union words {
    __m512i vectors[MAXIMUM_VECTORS];
    uint32_t of[MAXIMUM_VECTORS * LANES];
};

/* What is known of packets, step by step. */
struct packets {
    union words peers, locals, sums, destinations, sources, key_ends, key_begins, lines, words, indices;
    /* Those that there are, and those whose records are known, from the first on. */
    uint64_t used;
};

/* The lower words of two vectors' 64-bit parts, in the order of the words that `unpacklo` and `unpackhi` took apart. */
INLINED __m512i joined(__m512i low, __m512i high) {
    return _mm512_castps_si512(_mm512_shuffle_ps(_mm512_castsi512_ps(low), _mm512_castsi512_ps(high), 0x88));
}

/* MARK: Addresses */

/* Finds the records of packets' addresses, up to the first that is not known. */
INLINED void find_records(
    const char *memory, const struct sluice_wide_table *table, const struct fields queries[],
    struct packets *packets, int count) {
    __m512i maps[2 * MAXIMUM_VECTORS], addresses[2 * MAXIMUM_VECTORS], words[2 * MAXIMUM_VECTORS];
    FOR_EACH(v) {
        maps[v] = all(table->source_map);
        maps[count + v] = all(table->destination_map);
        addresses[v] = queries[v].sources;
        addresses[count + v] = queries[v].destinations;
    }
    if (table->is_large)
        find_words(memory, maps, addresses, words, true, 2 * count);
    else
        find_words(memory, maps, addresses, words, false, 2 * count);
    uint64_t unknown = 0;
    FOR_EACH(v) {
        __mmask16 lanes = _mm512_cmpeq_epi32_mask(words[v], all(table->unknown));
        lanes |= _mm512_cmpeq_epi32_mask(words[count + v], all(table->unknown));
        unknown |= (uint64_t)lanes << (LANES * v);
        packets->peers.vectors[v] = table->is_egress ? words[count + v] : words[v];
        packets->locals.vectors[v] = table->is_egress ? words[v] : words[count + v];
    }
    /* Those below the lowest bit. */
    packets->used &= ~unknown & (unknown - 1);
}

/* MARK: Ports */

/* Finds the values of ports, and where in patterns their bytes are. */
INLINED void find_ports(
    const char *memory, const struct sluice_wide_table *table, const struct fields queries[],
    struct packets *packets, int count) {
    __m512i destinations[MAXIMUM_VECTORS], sources[MAXIMUM_VECTORS];
    find_destination_values(memory, table->protocols, queries, destinations, count);
    FOR_EACH(v) sources[v] = _mm512_setzero_si512();
    if (table->tests_sources) find_source_values(memory, table->sources, queries, sources, count);
    const __m512i reciprocal = _mm512_set1_epi64((long long)table->reciprocal);
    FOR_EACH(v) {
        packets->sums.vectors[v] = sum(destinations[v], sources[v]);
        __m512i zero = _mm512_setzero_si512();
        __m512i low = _mm512_mullo_epi64(_mm512_unpacklo_epi32(destinations[v], zero), reciprocal);
        __m512i high = _mm512_mullo_epi64(_mm512_unpackhi_epi32(destinations[v], zero), reciprocal);
        __m512i numbers = joined(_mm512_srli_epi64(low, 36), _mm512_srli_epi64(high, 36));
        packets->destinations.vectors[v] = sum(numbers, all(PATTERN_BYTES));
        packets->sources.vectors[v] = sum(sources[v], all(table->source_bytes));
    }
}

/* MARK: Candidates */

/* Finds the lines of pairs and asks for them. */
INLINED void find_lines(
    const char *memory, const struct sluice_wide_table *table, struct packets *packets, int count) {
    const __m512i factor = _mm512_set1_epi64((long long)0x9E3779B97F4A7C15);
    const __m128i shift = _mm_cvtsi32_si128((int)table->line_shift);
    FOR_EACH(v) {
        __m512i peers = _mm512_andnot_si512(all(FLAGS), packets->peers.vectors[v]);
        __m512i begin = _mm512_slli_epi32(peers, 14);
        __m512i end = _mm512_or_si512(
            _mm512_srli_epi32(peers, 18),
            _mm512_slli_epi32(_mm512_srli_epi32(packets->locals.vectors[v], 6), 10));
        __m512i low = _mm512_mullo_epi64(_mm512_unpacklo_epi32(begin, end), factor);
        __m512i high = _mm512_mullo_epi64(_mm512_unpackhi_epi32(begin, end), factor);
        __m512i numbers = joined(_mm512_srl_epi64(low, shift), _mm512_srl_epi64(high, shift));
        packets->key_begins.vectors[v] = begin;
        packets->key_ends.vectors[v] = end;
        packets->lines.vectors[v] = sum(all(table->lines), _mm512_slli_epi32(numbers, 6));
        touch(memory, packets->lines.vectors[v]);
    }
}

/* Looks in the lines for the pairs: for their places there, and the first half of the words that have them. */
INLINED void find_pairs(const char *memory, struct packets *packets, int count) {
    const __m256i greatest = _mm256_set1_epi64x((1 << PATTERN_BITS) - 1);
    for (int lane = 0; lane < LANES * count; lane++) {
        const char *line = memory + packets->lines.of[lane];
        uint64_t key = (uint64_t)packets->key_ends.of[lane] << 32 | packets->key_begins.of[lane];
        __m256i differing = _mm256_xor_si256(
            _mm256_load_si256((const __m256i *)line), _mm256_set1_epi64x((long long)key));
        unsigned found = _mm256_cmple_epu64_mask(differing, greatest);
        unsigned index = (unsigned)__builtin_ctz(found | 1 << 4);
        packets->indices.of[lane] = index;
        packets->words.of[lane] = *(const uint32_t *)(line + 8 * index);
    }
}

/* Writes what the words of outcomes of some lanes stand for. */
INLINED void write_outcomes(const char *kinds, __m512i words, __mmask16 lanes, char *outcomes) {
    __m512i places = _mm512_slli_epi32(_mm512_srli_epi32(words, RULE_BITS), 3);
    __m512i rules = both(words, all((1u << RULE_BITS) - 1));
    __m512i low = _mm512_i32gather_epi64(_mm512_castsi512_si256(places), kinds, 1);
    __m512i high = _mm512_i32gather_epi64(_mm512_extracti64x4_epi64(places, 1), kinds, 1);
    __m512i low_rules = _mm512_slli_epi64(_mm512_cvtepu32_epi64(_mm512_castsi512_si256(rules)), 32);
    __m512i high_rules = _mm512_slli_epi64(_mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(rules, 1)), 32);
    _mm512_mask_storeu_epi64(outcomes, (__mmask8)lanes, _mm512_or_si512(low, low_rules));
    _mm512_mask_storeu_epi64(
        outcomes + OUTCOME_BYTES * LANES / 2, (__mmask8)(lanes >> 8), _mm512_or_si512(high, high_rules));
}

/* Decides the packets that have candidates; those that are left, and in `new_pairs` those whose pair is new. */
INLINED uint64_t try_candidates(
    const char *memory, const struct sluice_wide_table *table, const struct packets *packets, char *outcomes,
    uint64_t *new_pairs, int count) {
    uint64_t left = 0;
    uint32_t pair_count = table->pair_count, outcome_bytes = pair_count == 2 ? 24 : 8;
    FOR_EACH(v) {
        __mmask16 used = (__mmask16)(packets->used >> (LANES * v));
        __m512i indices = packets->indices.vectors[v];
        __mmask16 found = _mm512_mask_cmplt_epu32_mask(used, indices, all(pair_count));
        __m512i number = both(packets->words.vectors[v], all((1u << PATTERN_BITS) - 1));
        __m512i pattern = sum(all(table->patterns), _mm512_mullo_epi32(number, all(table->pattern_bytes)));
        __m512i passed = both(
            gather_some(memory, found, sum(pattern, packets->destinations.vectors[v])),
            gather_some(memory, found, sum(pattern, packets->sources.vectors[v])));
        passed = both(passed, all((1u << (LEFT_OUT + 1)) - 1));
        __m512i lowest = both(passed, _mm512_sub_epi32(_mm512_setzero_si512(), passed));
        __m512i steps = _mm512_sub_epi32(all(31), _mm512_lzcnt_epi32(lowest));
        __mmask16 decided = _mm512_mask_cmplt_epu32_mask(found, steps, all(LEFT_OUT));
        __m512i first = sum(all(8 * pair_count), _mm512_mullo_epi32(indices, all(outcome_bytes)));
        __m512i places = sum(packets->lines.vectors[v], sum(first, _mm512_slli_epi32(steps, 2)));
        __m512i words = gather_some(memory, decided, places);
        write_outcomes(memory + table->kinds, words, decided, outcomes + OUTCOME_BYTES * LANES * v);
        left |= (uint64_t)(used & ~decided) << (LANES * v);
        *new_pairs |= (uint64_t)(used & ~found) << (LANES * v);
    }
    return left;
}

/* MARK: What is left */

/* Asks for a record: most are two lines. */
INLINED void touch_record(const char *memory, uint32_t word) {
    const char *record = memory + (word & ~(uint32_t)FLAGS);
    __builtin_prefetch(record);
    __builtin_prefetch(record + 64);
}

/* Writes lanes of the packets that are left, and their pairs if they are new. */
INLINED struct sluice_wide_counts leave(
    char *memory, const struct sluice_wide_table *table, const struct packets *packets, uint64_t left,
    uint64_t new_pairs) {
    struct sluice_wide_counts counts = {.found = (uint32_t)__builtin_popcountll(packets->used)};
    for (; left; left &= left - 1) {
        int lane = __builtin_ctzll(left);
        uint64_t pair = (uint64_t)packets->locals.of[lane] << 32 | packets->peers.of[lane];
        touch_record(memory, packets->peers.of[lane]);
        touch_record(memory, packets->locals.of[lane]);
        char *place = memory + table->lanes + 32 * counts.left;
        *(uint64_t *)place = pair;
        *(uint32_t *)(place + 12) = packets->sums.of[lane];
        *(uint64_t *)(memory + table->places + 8 * counts.left++) = (uint64_t)lane;
        *(uint64_t *)(memory + table->new_pairs + 8 * counts.new_pairs) = pair;
        counts.new_pairs += new_pairs >> lane & 1;
    }
    return counts;
}

/* `sluice_decide_wide` for queries that fit into `count` vectors. */
INLINED struct sluice_wide_counts decide(
    char *memory, const struct sluice_wide_table *table, const char *queries, size_t query_count, char *outcomes,
    int count) {
    struct fields each[MAXIMUM_VECTORS];
    struct packets packets;
    packets.used = query_count < 64 ? (1ull << query_count) - 1 : UINT64_MAX;
    FOR_EACH(v) each[v] = fields(queries, LANES * (size_t)v, query_count);
    find_records(memory, table, each, &packets, count);
    if (!table->is_asked) {
        find_ports(memory, table, each, &packets, count);
        return leave(memory, table, &packets, packets.used, 0);
    }
    find_lines(memory, table, &packets, count);
    find_ports(memory, table, each, &packets, count);
    find_pairs(memory, &packets, count);
    uint64_t new_pairs = 0;
    uint64_t left = try_candidates(memory, table, &packets, outcomes, &new_pairs, count);
    return leave(memory, table, &packets, left, new_pairs);
}

TARGET struct sluice_wide_counts sluice_decide_wide(
    void *memory, const struct sluice_wide_table *table, const void *queries, size_t count, void *outcomes) {
    if (count <= LANES) return decide(memory, table, queries, count, outcomes, 1);
    return decide(memory, table, queries, count, outcomes, MAXIMUM_VECTORS);
}

#else

/* Never called: see `sluice_has_lane_kernel`. */

struct sluice_wide_counts sluice_decide_wide(
    void *memory, const struct sluice_wide_table *table, const void *queries, size_t count, void *outcomes) {
    (void)memory, (void)table, (void)queries, (void)count, (void)outcomes;
    return (struct sluice_wide_counts){0, 0, 0};
}

#endif
