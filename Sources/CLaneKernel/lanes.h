/*
 * Vectors of packets, for the kernel alone.
 *
 * Lanes are the 32-bit parts of a vector, a packet in each. A gather loads a word for every lane and takes as long as
 * sixteen loads: what is saved are the instructions between them. What it loads leads to the next places, so that one
 * vector alone would wait for each; several are taken through every step side by side (see `FOR_EACH`).
 */
#ifndef SLUICE_LANES_H
#define SLUICE_LANES_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl")))
#define INLINED static inline __attribute__((always_inline)) TARGET

enum { LANES = 16, MAXIMUM_VECTORS = 4 };

/* A step for each of `count` vectors, a number that the compiler knows. */
#define FOR_EACH(vector) _Pragma("unroll") for (int vector = 0; vector < count; vector++)

/* Of a query: its bytes, and where in its 32-bit words the fields are. */
enum {
    QUERY_BYTES = 48,
    QUERY_WORDS = QUERY_BYTES / 4,
    INTERFACE_WORD = 8,
    KIND_WORD = 10,
    /* In the last one the protocol, that the ports are known, and the flags that a run has in common. */
    PROTOCOL = 0xFF,
    HAS_TRANSPORT = 0x400,
    RUN_FLAGS = 0xFB00
};

enum { OUTCOME_BYTES = 8 };

INLINED __m512i all(uint32_t word) { return _mm512_set1_epi32((int)word); }

INLINED __m512i both(__m512i a, __m512i b) { return _mm512_and_si512(a, b); }

INLINED __m512i sum(__m512i a, __m512i b) { return _mm512_add_epi32(a, b); }

INLINED __m512i gather(const char *memory, __m512i places) { return _mm512_i32gather_epi32(places, memory, 1); }

INLINED __m512i gather_halves(const char *memory, __m512i places) { return both(gather(memory, places), all(0xFFFF)); }

/* As `gather` and `gather_halves` for some lanes; 0 in the others. */
INLINED __m512i gather_some(const char *memory, __mmask16 lanes, __m512i places) {
    return _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), lanes, places, memory, 1);
}

/* Asks for the lines of sixteen places. */
INLINED void touch(const char *memory, __m512i places) {
    uint32_t each[LANES];
    _mm512_storeu_si512(each, places);
    for (int lane = 0; lane < LANES; lane++) __builtin_prefetch(memory + each[lane]);
}

/* The first `rest` of the bits of a mask, at most sixteen. */
INLINED __mmask16 first_lanes(size_t rest) { return rest >= LANES ? 0xFFFF : (__mmask16)((1u << rest) - 1); }

/* Sixteen words of queries from `word` on, 0 behind the `word_count` that there are. */
INLINED __m512i query_words(const char *queries, size_t word, size_t word_count) {
    size_t rest = word_count > word ? word_count - word : 0;
    return _mm512_maskz_loadu_epi32(first_lanes(rest), queries + 4 * word);
}

/* The sources, destinations, ports and kinds of four queries from `first` on, four words of each. */
INLINED __m512i four_queries(const char *queries, size_t first, size_t query_count) {
    /* Words 1, 5, 9 and 10 of twelve: from the first two vectors, and with the third. */
    const __m512i begin = _mm512_setr_epi32(1, 13, 25, 0, 5, 17, 29, 0, 9, 21, 0, 0, 10, 22, 0, 0);
    const __m512i end = _mm512_setr_epi32(0, 1, 2, 21, 4, 5, 6, 25, 8, 9, 17, 29, 12, 13, 18, 30);
    size_t word = QUERY_WORDS * first, word_count = QUERY_WORDS * query_count;
    __m512i a = query_words(queries, word, word_count);
    __m512i b = query_words(queries, word + LANES, word_count);
    __m512i c = query_words(queries, word + 2 * LANES, word_count);
    return _mm512_permutex2var_epi32(_mm512_permutex2var_epi32(a, begin, b), end, c);
}

struct fields {
    __m512i sources, destinations, ports, kinds;
};

/* The fields of sixteen queries from `first` on. */
INLINED struct fields fields(const char *queries, size_t first, size_t query_count) {
    __m512i a = four_queries(queries, first, query_count), b = four_queries(queries, first + 4, query_count);
    __m512i c = four_queries(queries, first + 8, query_count), d = four_queries(queries, first + 12, query_count);
    __m512i ab = _mm512_shuffle_i32x4(a, b, 0x44), cd = _mm512_shuffle_i32x4(c, d, 0x44);
    __m512i ab_end = _mm512_shuffle_i32x4(a, b, 0xEE), cd_end = _mm512_shuffle_i32x4(c, d, 0xEE);
    return (struct fields){
        .sources = _mm512_shuffle_i32x4(ab, cd, 0x88),
        .destinations = _mm512_shuffle_i32x4(ab, cd, 0xDD),
        .ports = _mm512_shuffle_i32x4(ab_end, cd_end, 0x88),
        .kinds = _mm512_shuffle_i32x4(ab_end, cd_end, 0xDD),
    };
}

/* Where a `PortIndex` has the value of unknown ports. */
enum { UNKNOWN_PORT = 4 * 256 };

/* The values of ports in the `PortIndex`es at some places. */
INLINED void find_port_values(
    const char *memory, const __m512i indexes[], const __m512i ports[], const __mmask16 are_known[],
    __m512i values[], int count) {
    __m512i entries[MAXIMUM_VECTORS];
    FOR_EACH(v) {
        __m512i offset = _mm512_slli_epi32(_mm512_srli_epi32(ports[v], 8), 2);
        entries[v] = gather(memory, sum(indexes[v], offset));
    }
    FOR_EACH(v) {
        __mmask16 has_page = _mm512_test_epi32_mask(entries[v], all(1));
        __m512i offset = _mm512_maskz_slli_epi32(has_page, both(ports[v], all(0xFF)), 2);
        __m512i place = sum(_mm512_andnot_si512(all(1), entries[v]), offset);
        __m512i unknown = sum(indexes[v], all(UNKNOWN_PORT));
        values[v] = gather(memory, _mm512_mask_blend_epi32(are_known[v], unknown, place));
    }
}

/* The values of the destination ports of packets, by the `PortIndex` of each protocol. */
INLINED void find_destination_values(
    const char *memory, uint32_t protocols, const struct fields queries[], __m512i values[], int count) {
    __m512i indexes[MAXIMUM_VECTORS], ports[MAXIMUM_VECTORS];
    __mmask16 are_known[MAXIMUM_VECTORS];
    FOR_EACH(v) {
        are_known[v] = _mm512_test_epi32_mask(queries[v].kinds, all(HAS_TRANSPORT));
        __m512i offset = _mm512_slli_epi32(both(queries[v].kinds, all(PROTOCOL)), 2);
        indexes[v] = gather(memory, sum(all(protocols), offset));
        ports[v] = _mm512_srli_epi32(queries[v].ports, 16);
    }
    find_port_values(memory, indexes, ports, are_known, values, count);
}

/* The values of their source ports. */
INLINED void find_source_values(
    const char *memory, uint32_t sources, const struct fields queries[], __m512i values[], int count) {
    __m512i indexes[MAXIMUM_VECTORS], ports[MAXIMUM_VECTORS];
    __mmask16 are_known[MAXIMUM_VECTORS];
    FOR_EACH(v) {
        are_known[v] = _mm512_test_epi32_mask(queries[v].kinds, all(HAS_TRANSPORT));
        indexes[v] = all(sources);
        ports[v] = both(queries[v].ports, all(0xFFFF));
    }
    find_port_values(memory, indexes, ports, are_known, values, count);
}

#endif
