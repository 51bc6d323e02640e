#ifndef CALLOCATION_COUNTER_H
#define CALLOCATION_COUNTER_H

#include <stdint.h>

/*
 * How many blocks of memory the calling thread has asked for since it began.
 *
 * A program that links this has the C library's allocation functions replaced by ones that count
 * and then call it. Linux with glibc; elsewhere, and where a sanitizer watches, nothing is
 * replaced and the count stays 0.
 */
uint64_t thread_allocation_count(void);

/* Whether allocations are counted here. */
int counts_allocations(void);

#endif
