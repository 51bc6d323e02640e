/*
 * What finds the records of IPv4 addresses, sixteen at a time, for the kernel alone: what the words here mean is drawn
 * above `RangeMap`.
 */
#ifndef SLUICE_RANGE_MAPS_H
#define SLUICE_RANGE_MAPS_H

#include "lanes.h"

#include <stdbool.h>

/* What the low six bits of a word say of the place in the others, and where a line's words begin. */
enum { IS_NO_NODE = 16, IS_RECORD = 32, FLAGS = 63, FIRST_WORD = 24 };

/* The place in a node of the word for the low octet of `octet`; the beginning of what is no node. */
INLINED __m512i node_place(__m512i word, __m512i octet) {
    __mmask16 nodes = _mm512_testn_epi32_mask(word, all(IS_NO_NODE));
    __m512i offset = _mm512_maskz_slli_epi32(nodes, both(octet, all(0xFF)), 2);
    return sum(_mm512_andnot_si512(all(FLAGS), word), offset);
}

/* The words that addresses' octets have in nodes; what is no node stays. */
INLINED __m512i words_in_nodes(const char *memory, __m512i words, __m512i octets) {
    __mmask16 nodes = _mm512_testn_epi32_mask(words, all(IS_NO_NODE));
    return _mm512_mask_i32gather_epi32(words, nodes, node_place(words, octets), memory, 1);
}

/* How many of the ranges of eight lines do not end before an address's last 16 bits. */
INLINED __m256i later_ranges(const char *memory, __mmask8 are_lines, __m256i lines, __m256i addresses) {
    const __m512i thirds = _mm512_set1_epi64(1 | 1LL << 21 | 1LL << 42);
    __m512i low = _mm512_and_si512(_mm512_cvtepu32_epi64(addresses), _mm512_set1_epi64(0xFFFF));
    __m512i keys = _mm512_or_si512(
        low, _mm512_or_si512(_mm512_slli_epi64(low, 21), _mm512_slli_epi64(low, 42)));
    __m512i counts = _mm512_setzero_si512();
    for (int third = 0; third < 3; third++) {
        __m512i ends = _mm512_mask_i32gather_epi64(keys, are_lines, lines, memory + 8 * third, 1);
        __m512i later = _mm512_srli_epi64(_mm512_sub_epi64(ends, keys), 16);
        counts = _mm512_add_epi64(counts, _mm512_and_si512(later, thirds));
    }
    __m512i upper = _mm512_add_epi64(_mm512_srli_epi64(counts, 21), _mm512_srli_epi64(counts, 42));
    return _mm512_cvtepi64_epi32(_mm512_add_epi64(counts, upper));
}

/* The words that addresses have in lines; what is no line stays. */
INLINED __m512i words_in_lines(const char *memory, __m512i words, __m512i addresses) {
    __mmask16 are_lines = _mm512_testn_epi32_mask(words, all(IS_RECORD));
    if (!are_lines) return words;
    __m512i lines = _mm512_andnot_si512(all(FLAGS), words);
    __m256i low = later_ranges(
        memory, (__mmask8)are_lines, _mm512_castsi512_si256(lines), _mm512_castsi512_si256(addresses));
    __m256i high = later_ranges(
        memory, (__mmask8)(are_lines >> 8), _mm512_extracti64x4_epi64(lines, 1),
        _mm512_extracti64x4_epi64(addresses, 1));
    __m512i counts = both(_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1), all(0xF));
    __m512i places = sum(lines, sum(all(FIRST_WORD), _mm512_slli_epi32(counts, 2)));
    return _mm512_mask_i32gather_epi32(words, are_lines, places, memory, 1);
}

/* The words of addresses' records, by the maps whose first halves stand at some places. */
INLINED void find_words(
    const char *memory, const __m512i maps[], const __m512i addresses[], __m512i words[], bool is_large, int count) {
    FOR_EACH(v) {
        __m512i offset = _mm512_slli_epi32(_mm512_srli_epi32(addresses[v], 16), 2);
        words[v] = gather(memory, sum(maps[v], offset));
        if (is_large) touch(memory, node_place(words[v], _mm512_srli_epi32(addresses[v], 8)));
    }
    FOR_EACH(v) {
        words[v] = words_in_nodes(memory, words[v], _mm512_srli_epi32(addresses[v], 8));
        if (is_large) touch(memory, node_place(words[v], addresses[v]));
    }
    FOR_EACH(v) {
        words[v] = words_in_nodes(memory, words[v], addresses[v]);
        if (is_large) touch(memory, _mm512_andnot_si512(all(FLAGS), words[v]));
    }
    FOR_EACH(v) words[v] = words_in_lines(memory, words[v], addresses[v]);
}

#endif
