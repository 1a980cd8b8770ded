#define _GNU_SOURCE
#include "ceventloop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/// What a guarded descriptor is registered with. Only the thread of its loop uses it, but for `epoll`, by which others see
/// that it is not theirs.
struct registration {
    /// -1 until it is added.
    atomic_int epoll;
    uint32_t interest;
    uint64_t data;
    /// Its end was told while nobody wanted to read. It is added again with the wish to read: the kernel tells of an end
    /// whether one wishes it or not, again and again.
    bool is_parked;
};

/// The highest number that a descriptor has (fs.nr_open, proc(5)), unless an operator raised that. Pages that nobody uses
/// take no memory.
enum { CAPACITY = 1 << 20 };
static atomic_bool guarded[CAPACITY];
static struct registration registrations[CAPACITY];
/// Ends are rare, so guarded descriptors are searched one by one, up to this one.
static atomic_int highest = -1;

static bool is_guarded(int fd) {
    return fd >= 0 && fd < CAPACITY && atomic_load_explicit(&guarded[fd], memory_order_acquire);
}

void ceventloop_guard(int fd) {
    if (fd < 0 || fd >= CAPACITY) return;
    registrations[fd].is_parked = false;
    atomic_store(&registrations[fd].epoll, -1);
    atomic_store_explicit(&guarded[fd], true, memory_order_release);
    int before = atomic_load(&highest);
    while (before < fd && !atomic_compare_exchange_weak(&highest, &before, fd)) {}
}

static int control(int epoll, int operation, int fd, struct epoll_event *event) {
    return (int)syscall(SYS_epoll_ctl, epoll, operation, fd, event);
}

int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event) {
    if (!is_guarded(fd)) return control(epoll, operation, fd, event);
    struct registration *registration = &registrations[fd];
    if (operation == EPOLL_CTL_DEL) {
        atomic_store_explicit(&guarded[fd], false, memory_order_release);
        return registration->is_parked ? 0 : control(epoll, operation, fd, event);
    }
    // An end is read like everything else; by itself it is not told of.
    struct epoll_event softened = *event;
    softened.events &= ~(uint32_t)EPOLLRDHUP;
    registration->interest = softened.events;
    registration->data = softened.data.u64;
    atomic_store(&registration->epoll, epoll);
    if (registration->is_parked) {
        if (!(softened.events & EPOLLIN)) return 0;
        registration->is_parked = false;
        operation = EPOLL_CTL_ADD;
    }
    return control(epoll, operation, fd, &softened);
}

/// Takes what is in a socket's error queue, which would be told of for ever.
static void drain_errors(int fd) {
    char ancillary[512];
    for (int turn = 0; turn < 64; turn++) {
        struct msghdr message = {.msg_control = ancillary, .msg_controllen = sizeof ancillary};
        if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
    }
}

/// The guarded descriptor that an event is of, or -1.
static int descriptor_of(int epoll, const struct epoll_event *event) {
    int last = atomic_load(&highest);
    for (int fd = 0; fd <= last; fd++)
        if (is_guarded(fd) && atomic_load(&registrations[fd].epoll) == epoll && registrations[fd].data == event->data.u64) return fd;
    return -1;
}

/// Makes an event of an end one of reading. False when nobody is to be told of it.
static bool soften(int epoll, struct epoll_event *event) {
    int fd = descriptor_of(epoll, event);
    if (fd < 0) return true;
    if (event->events & EPOLLERR) drain_errors(fd);
    struct registration *registration = &registrations[fd];
    if (registration->interest & EPOLLIN) {
        // It may have come back, or have had errors in its queue and nothing else.
        struct pollfd now = {.fd = fd, .events = POLLIN};
        bool has_something = (event->events & EPOLLIN) || poll(&now, 1, 0) > 0;
        event->events = (event->events & EPOLLOUT) | (has_something ? EPOLLIN : 0);
        return event->events != 0;
    }
    registration->is_parked = control(epoll, EPOLL_CTL_DEL, fd, event) == 0;
    return false;
}

int epoll_wait(int epoll, struct epoll_event *events, int capacity, int milliseconds) {
    int ready = (int)syscall(SYS_epoll_pwait, epoll, events, capacity, milliseconds, NULL, _NSIG / 8);
    int code = errno, kept = 0;
    for (int index = 0; index < ready; index++) {
        bool ends = events[index].events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP);
        if (!ends || soften(epoll, &events[index])) events[kept++] = events[index];
    }
    errno = code;
    return ready < 0 ? ready : kept;
}
