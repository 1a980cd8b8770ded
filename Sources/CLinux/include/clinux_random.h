#ifndef CLINUX_RANDOM_H
#define CLINUX_RANDOM_H

#include <stddef.h>
#include <sys/random.h>

// The kernel's random bytes; at most 256 at once cannot be interrupted. The count that was written, or -1.
static inline ssize_t clinux_random(void *bytes, size_t count) { return getrandom(bytes, count, 0); }

#endif
