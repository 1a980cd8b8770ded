#define _GNU_SOURCE
#include "clinux_lifeline.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Linux 5.9; the C library's headers may be older than the kernel.
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

struct lifeline {
    int writing;
    int error;
    sem_t decided;
};

// From `first` through `last`, which need not be open.
static void close_from(unsigned int first, unsigned int last) {
    if (first > last || syscall(SYS_close_range, first, last, 0) == 0) return;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && last >= limit.rlim_cur) last = (unsigned int)limit.rlim_cur - 1;
    for (unsigned int fd = first; fd <= last && fd >= first; fd++) (void)close((int)fd);
}

static void *hold(void *argument) {
    struct lifeline *line = argument;
    int writing = line->writing;
    int error = unshare(CLONE_FILES) == 0 ? 0 : errno;
    line->error = error;
    if (error == 0) {
        if (writing > 0) close_from(0, (unsigned int)writing - 1);
        close_from((unsigned int)writing + 1, UINT_MAX);
    }
    // After this the caller's memory may be gone.
    sem_post(&line->decided);
    while (error == 0) pause();
    return NULL;
}

// 0 or an error number.
static int start_holder(struct lifeline *line) {
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0) return error;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)pthread_attr_setstacksize(&attributes, 64 << 10);
    // The process's signals are for other threads: a new thread inherits the mask.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    error = pthread_create(&thread, &attributes, hold, line);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

int clinux_lifeline(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    struct lifeline line = {.writing = ends[1]};
    int error = sem_init(&line.decided, 0, 0) == 0 ? 0 : errno;
    if (error == 0) {
        error = start_holder(&line);
        if (error == 0) {
            while (sem_wait(&line.decided) != 0) {}
            error = line.error;
        }
        sem_destroy(&line.decided);
    }
    close(ends[1]);
    if (error == 0) return ends[0];
    close(ends[0]);
    errno = error;
    return -1;
}
