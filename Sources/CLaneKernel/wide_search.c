#include "wide_search.h"

#if defined(__x86_64__)

#include "lanes.h"

/* Where the parts of a record stand, and the bits of its counts. */
enum { COUNTS = 4, RANKS = 8, RANK = 12, FILTERS = 16, HASHES = 24, ELEMENTS = 32, ELEMENT_BYTES = 16 };
enum { ELEMENT_MASK = 0x3FF, HAS_FURTHER = 0x400, TEST_SHIFT = 20 };

/* Where the parts of a lane stand. */
enum { LANE_BYTES = 32, PEER = 0, LOCAL = 4, LEAST_RANK = 8, SUM = 12, NUMBER = 24 };

/* The bits of a word beside a place; pairs, and how many elements are compared at once, or stand in two lines. */
enum { FLAGS = 63, PAIR_BYTES = 16, MOST_PAIRS = 1024, BATCH = 8, IN_TWO_LINES = 6 };

INLINED uint32_t word(const char *memory, uint32_t place) { return *(const uint32_t *)(memory + place); }

/* The place of the record that a word names. */
INLINED uint32_t record(const char *memory, uint32_t place) { return word(memory, place) & ~(uint32_t)FLAGS; }

INLINED uint64_t word64(const char *memory, uint32_t place) { return *(const uint64_t *)(memory + place); }

/* MARK: One-sided steps */

/* Sixteen lanes: what of them is read once. */
struct searched {
    __m512i peers, locals, numbers, rows;
};

/* The places of sixteen lanes; those behind the last are the last one once more. */
INLINED __m512i lanes_from(uint32_t place, size_t first, size_t count) {
    const __m512i numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i indices = _mm512_min_epu32(sum(all((uint32_t)first), numbers), all((uint32_t)count - 1));
    return sum(all(place), _mm512_slli_epi32(indices, 5));
}

/* Finds the classes of ports and the rows of sixteen lanes, and asks for the ranks of either side. */
INLINED struct searched find_rows(const char *memory, const struct sluice_search_table *table, __m512i lanes) {
    __m512i sums = gather(memory, sum(lanes, all(SUM)));
    struct searched found = {
        .peers = _mm512_andnot_si512(all(FLAGS), gather(memory, sum(lanes, all(PEER)))),
        .locals = _mm512_andnot_si512(all(FLAGS), gather(memory, sum(lanes, all(LOCAL)))),
        .numbers = gather_halves(memory, sum(all(table->numbers), _mm512_slli_epi32(sums, 1))),
    };
    __m512i offsets = _mm512_slli_epi32(found.numbers, 2);
    touch(memory, sum(offsets, gather(memory, sum(found.peers, all(RANKS)))));
    touch(memory, sum(offsets, gather(memory, sum(found.locals, all(RANKS)))));
    found.rows = gather(memory, sum(all(table->rows), offsets));
    return found;
}

/* The least of `best` and the first single steps of records, where packets pass these. */
INLINED __m512i ranks_of_singles(const char *memory, __m512i records, __m512i rows, __m512i best) {
    __m512i tests = _mm512_srli_epi32(gather(memory, sum(records, all(COUNTS))), TEST_SHIFT);
    __m512i ranks = gather(memory, sum(records, all(RANK)));
    __m512i bits = gather(memory, sum(rows, _mm512_slli_epi32(_mm512_srli_epi32(tests, 5), 2)));
    bits = _mm512_srlv_epi32(bits, both(tests, all(31)));
    return _mm512_mask_min_epu32(best, _mm512_test_epi32_mask(bits, all(1)), best, ranks);
}

/* The least of `best` and the further single steps of a record that packets pass. */
INLINED uint32_t rank_of_further(const char *memory, uint32_t record, uint32_t row, uint32_t best) {
    uint32_t counts = word(memory, record + COUNTS);
    if (!(counts & HAS_FURTHER)) return best;
    uint32_t place = record + ELEMENTS + ELEMENT_BYTES * (counts & ELEMENT_MASK);
    for (uint32_t left = word(memory, place); left; left--) {
        place += 8;
        uint32_t rank = word(memory, place), test = word(memory, place + 4);
        uint32_t passes = word(memory, row + test / 32 * 4) >> (test & 31) & 1;
        if (passes && rank < best) best = rank;
    }
    return best;
}

/* Whether some element of either record may have a step with one of the other. */
INLINED uint32_t may_have_pairs(const char *memory, uint32_t peer, uint32_t local) {
    uint64_t locals = word64(memory, peer + FILTERS) & word64(memory, local + HASHES);
    uint64_t peers = word64(memory, local + FILTERS) & word64(memory, peer + HASHES);
    return (locals != 0) & (peers != 0);
}

/* Writes the ranks and rows of sixteen lanes. */
INLINED void write_ranks(char *memory, uint32_t lane, const struct searched *searched, __m512i best, size_t count) {
    uint32_t peers[LANES], locals[LANES], numbers[LANES], rows[LANES], ranks[LANES];
    _mm512_storeu_si512(peers, searched->peers);
    _mm512_storeu_si512(locals, searched->locals);
    _mm512_storeu_si512(numbers, searched->numbers);
    _mm512_storeu_si512(rows, searched->rows);
    _mm512_storeu_si512(ranks, best);
    for (size_t index = 0; index < count; index++, lane += LANE_BYTES) {
        uint32_t rank = rank_of_further(memory, peers[index], rows[index], ranks[index]);
        rank = rank_of_further(memory, locals[index], rows[index], rank);
        *(uint64_t *)(memory + lane + LEAST_RANK) = (uint64_t)rows[index] << 32 | rank;
        *(uint64_t *)(memory + lane + NUMBER) = numbers[index];
    }
}

/* Has sixteen lanes know the least rank of the one-sided steps that their packets pass, and what they need later. */
INLINED void try_one_sided(char *memory, uint32_t lane, const struct searched *searched, size_t count) {
    __m512i offsets = _mm512_slli_epi32(searched->numbers, 2);
    __m512i peer_rows = gather(memory, sum(searched->peers, all(RANKS)));
    __m512i local_rows = gather(memory, sum(searched->locals, all(RANKS)));
    __m512i best =
        _mm512_min_epu32(gather(memory, sum(peer_rows, offsets)), gather(memory, sum(local_rows, offsets)));
    best = ranks_of_singles(memory, searched->peers, searched->rows, best);
    best = ranks_of_singles(memory, searched->locals, searched->rows, best);
    write_ranks(memory, lane, searched, best, count < LANES ? count : LANES);
}

/* MARK: Pairs of elements */

/* Pairs as they are found: either element's selector and hash, and the lane. */
struct found_pairs {
    uint64_t locals[MOST_PAIRS + BATCH], peers[MOST_PAIRS + BATCH];
    uint32_t lanes[MOST_PAIRS + BATCH];
    uint32_t count;
};

/* The elements of two lines, from a word of the first on: filters in one vector, selectors and hashes in the other. */
struct elements {
    __m512i filters, others;
};

INLINED struct elements elements(const char *memory, uint32_t line, int first_word) {
    const __m512i steps = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    __m512i words = _mm512_add_epi64(steps, _mm512_set1_epi64(first_word));
    __m512i begin = _mm512_load_si512(memory + line), end = _mm512_load_si512(memory + line + 64);
    return (struct elements){
        .filters = _mm512_permutex2var_epi64(begin, words, end),
        .others = _mm512_permutex2var_epi64(begin, _mm512_add_epi64(words, _mm512_set1_epi64(1)), end),
    };
}

/* Adds the pairs of each of the peers' elements with some of at most eight others that both filters leave. */
INLINED void add_pairs(
    const char *memory, uint32_t lane, uint32_t peer, uint32_t end_of_peers, struct elements locals,
    __mmask8 are_there, struct found_pairs *found) {
    const __m512i one = _mm512_set1_epi64(1), bits = _mm512_set1_epi64(63);
    __m512i hashes = _mm512_and_si512(_mm512_srli_epi64(locals.others, 32), bits);
    uint32_t count = found->count;
    for (; peer < end_of_peers; peer += ELEMENT_BYTES) {
        uint64_t element = word64(memory, peer + 8);
        __m512i filter = _mm512_set1_epi64((long long)word64(memory, peer));
        __m512i hash = _mm512_and_si512(_mm512_set1_epi64((long long)(element >> 32)), bits);
        __m512i passed =
            _mm512_and_si512(_mm512_srlv_epi64(filter, hashes), _mm512_srlv_epi64(locals.filters, hash));
        __mmask8 left = _mm512_mask_test_epi64_mask(are_there, passed, one);
        _mm512_storeu_si512(found->locals + count, _mm512_maskz_compress_epi64(left, locals.others));
        _mm512_storeu_si512(found->peers + count, _mm512_set1_epi64((long long)element));
        _mm256_storeu_si256((__m256i *)(found->lanes + count), _mm256_set1_epi32((int)lane));
        count += (uint32_t)__builtin_popcount(left);
    }
    found->count = count;
}

/* Adds the pairs of a lane, which has so many elements on either side. */
INLINED void add_pairs_of(
    const char *memory, uint32_t lane, uint32_t peer, uint32_t peer_count, uint32_t local, uint32_t local_count,
    struct found_pairs *found) {
    uint32_t first = peer + ELEMENTS, end = first + ELEMENT_BYTES * peer_count;
    /* A record's first line has two elements, the second four: most have no more. */
    add_pairs(
        memory, lane, first, end, elements(memory, local, ELEMENTS / 8),
        (__mmask8)first_lanes(local_count < IN_TWO_LINES ? local_count : IN_TWO_LINES), found);
    for (uint32_t begin = IN_TWO_LINES; begin < local_count; begin += BATCH) {
        uint32_t line = local + ELEMENTS + ELEMENT_BYTES * begin;
        add_pairs(
            memory, lane, first, end, elements(memory, line, 0), (__mmask8)first_lanes(local_count - begin), found);
    }
}

/* Writes pairs with the places of their slots, and asks for these. */
INLINED void write_pairs(char *memory, const struct sluice_search_table *table, const struct found_pairs *found) {
    char *pair = memory + table->pairs;
    for (uint32_t index = 0; index < found->count; index++, pair += PAIR_BYTES) {
        uint64_t peer = found->peers[index], local = found->locals[index];
        uint32_t hash = (uint32_t)((peer ^ local) >> 32);
        uint32_t slot = table->slots + (hash >> table->slot_shift) * PAIR_BYTES;
        __builtin_prefetch(memory + slot);
        *(uint64_t *)pair = peer << 32 | (uint32_t)local;
        *(uint64_t *)(pair + 8) = (uint64_t)found->lanes[index] << 32 | slot;
    }
}

/* Writes the places of the lanes that may have pairs; returns how many these are. */
INLINED uint32_t find_left(char *memory, const struct sluice_search_table *table, size_t count) {
    uint32_t left = 0;
    for (size_t index = 0; index < count; index++) {
        uint32_t lane = table->lanes + LANE_BYTES * (uint32_t)index;
        *(uint32_t *)(memory + table->left_lanes + 4 * left) = lane;
        left += may_have_pairs(memory, record(memory, lane + PEER), record(memory, lane + LOCAL));
    }
    return left;
}

TARGET struct sluice_pair_counts sluice_find_pairs(
    void *memory, const struct sluice_search_table *table, uint32_t first, uint32_t left) {
    struct found_pairs found;
    found.count = 0;
    uint32_t index = first;
    for (; index < left; index++) {
        uint32_t lane = word(memory, table->left_lanes + 4 * index);
        uint32_t peer = record(memory, lane + PEER), local = record(memory, lane + LOCAL);
        uint32_t peer_count = word(memory, peer + COUNTS) & ELEMENT_MASK;
        uint32_t local_count = word(memory, local + COUNTS) & ELEMENT_MASK;
        if (found.count + peer_count * local_count > table->pair_capacity) break;
        add_pairs_of(memory, lane, peer, peer_count, local, local_count, &found);
    }
    write_pairs(memory, table, &found);
    return (struct sluice_pair_counts){left, index, found.count};
}

TARGET struct sluice_pair_counts sluice_search(void *memory, const struct sluice_search_table *table, size_t count) {
    struct searched searched[MAXIMUM_VECTORS];
    for (size_t v = 0; LANES * v < count; v++)
        searched[v] = find_rows(memory, table, lanes_from(table->lanes, LANES * v, count));
    struct sluice_pair_counts counts = sluice_find_pairs(memory, table, 0, find_left(memory, table, count));
    /* While the slots come. */
    for (size_t v = 0; LANES * v < count; v++) {
        uint32_t lane = table->lanes + LANES * LANE_BYTES * (uint32_t)v;
        try_one_sided(memory, lane, &searched[v], count - LANES * v);
    }
    return counts;
}

#else

/* Never called: see `sluice_has_lane_kernel`. */

struct sluice_pair_counts sluice_search(void *memory, const struct sluice_search_table *table, size_t count) {
    (void)memory, (void)table, (void)count;
    return (struct sluice_pair_counts){0, 0, 0};
}

struct sluice_pair_counts sluice_find_pairs(
    void *memory, const struct sluice_search_table *table, uint32_t first, uint32_t left) {
    (void)memory, (void)table, (void)first, (void)left;
    return (struct sluice_pair_counts){0, 0, 0};
}

#endif
