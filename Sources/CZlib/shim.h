// zlib's inflating interface, for the Captures target alone.
#include <zlib.h>
