// zstd's streaming decompression, for the Captures target alone.
#include <zstd.h>
