#ifndef SLUICE_PREFETCH_H
#define SLUICE_PREFETCH_H

/* Asks for the cache line at an address, which need not be mapped, and waits for nothing: Swift has no word for it.
   What it gives is in the article of FilterTables. */
static inline __attribute__((always_inline)) void sluice_prefetch(const void *address) {
    __builtin_prefetch(address);
}

#endif
