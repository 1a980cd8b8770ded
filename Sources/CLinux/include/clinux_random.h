#ifndef CLINUX_RANDOM_H
#define CLINUX_RANDOM_H

#include <stddef.h>

// The kernel's random bytes; at most 256 at once cannot be interrupted. The count that was written, or -1.
ptrdiff_t clinux_random(void *bytes, size_t count);

#endif
