#ifndef CLINUX_HOST_H
#define CLINUX_HOST_H

// What a look at the host needs and Swift cannot import: macros whose values differ between machines, and the clock's
// state.

#include <stdbool.h>
#include <stdint.h>

/// Opens a file to be read past the page cache (O_DIRECT). A descriptor, or -1 with errno: EINVAL where the file system
/// cannot do that, such as tmpfs.
int clinux_open_direct(const char *path);

/// What the kernel thinks of its clock, adjtimex(2).
struct clinux_clock_state {
    /// Whether something keeps it in step with the world's time.
    bool synchronized;
    /// How far off it may be at most.
    int64_t maximum_error_microseconds;
};

/// 0, or -1 with errno.
int clinux_clock_state(struct clinux_clock_state *state);

/// Bytes that this process has freed and the allocator keeps, mallinfo2(3).
int64_t clinux_free_heap_bytes(void);

/// Gives the kernel back the pages of freed memory, malloc_trim(3). Holds each arena's lock for as long as it takes.
void clinux_return_free_heap(void);

/// Fixes how the C library's allocator keeps memory, see mallopt(3): what is at least `mapped_bytes` is a mapping of its
/// own, and at most `top_bytes` stay free at the end of a heap. By default both grow with what is freed.
void clinux_fix_allocator(int mapped_bytes, int top_bytes);

#endif
