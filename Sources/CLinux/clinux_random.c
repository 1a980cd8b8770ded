#include "clinux_random.h"

#include <sys/random.h>

ptrdiff_t clinux_random(void *bytes, size_t count) { return getrandom(bytes, count, 0); }
