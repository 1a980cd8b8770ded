#define _GNU_SOURCE
#include "clinux_host.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/timex.h>

int clinux_open_direct(const char *path) { return open(path, O_RDONLY | O_DIRECT | O_CLOEXEC); }

int clinux_clock_state(struct clinux_clock_state *state) {
    struct timex time = {.modes = 0};
    const int result = adjtimex(&time);
    if (result < 0) return -1;
    state->synchronized = result != TIME_ERROR && (time.status & STA_UNSYNC) == 0;
    state->maximum_error_microseconds = time.maxerror;
    return 0;
}

#if __GLIBC_PREREQ(2, 33)
int64_t clinux_free_heap_bytes(void) { return (int64_t)mallinfo2().fordblks; }
#else
int64_t clinux_free_heap_bytes(void) { return (unsigned)mallinfo().fordblks; }
#endif

void clinux_return_free_heap(void) { malloc_trim(0); }

void clinux_fix_allocator(int mapped_bytes, int top_bytes) {
    mallopt(M_MMAP_THRESHOLD, mapped_bytes);
    mallopt(M_TRIM_THRESHOLD, top_bytes);
}
