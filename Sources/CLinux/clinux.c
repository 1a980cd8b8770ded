#define _GNU_SOURCE
#include "clinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const int clinux_stream_socket = SOCK_STREAM;
const int clinux_tcp = IPPROTO_TCP;

// The most that the kernel takes with one message.
#define DESCRIPTORS_IN_A_MESSAGE 253

static int argument_count = 0;
static char **arguments = NULL;

// The C library calls constructors with main's arguments.
__attribute__((constructor)) static void keep_arguments(int count, char **words) {
    argument_count = count;
    arguments = words;
}

const char *clinux_argument(int index) {
    return index >= 0 && index < argument_count ? arguments[index] : NULL;
}

int clinux_errno(void) { return errno; }

int64_t clinux_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Closes without touching the errno that the caller is about to report.
static int fail_closing(int fd) {
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

// ---- Files and descriptors ----------------------------------------------------------------------------------------

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

void clinux_keep_descriptors_from_children(void) {
    const unsigned set_close_on_exec = 4;
    (void)syscall(SYS_close_range, 3u, ~0u, set_close_on_exec);
}

void clinux_secure_descriptors(void) {
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (fd >= 0 && fd < 3) {
        // A stream that children may inherit must stay open on exec.
        (void)fcntl(fd, F_SETFD, 0);
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    }
    if (fd >= 0) close(fd);
    if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0) return;
    // Kernels before 5.9
    for (int other = 3; other < 65536; other++) (void)close(other);
}

int clinux_open(const char *path, int flags, unsigned mode) { return open(path, flags | O_CLOEXEC, (mode_t)mode); }

int clinux_open_at(int directory, const char *path, int flags, unsigned mode) {
    return openat(directory, path, flags | O_CLOEXEC, (mode_t)mode);
}

int clinux_open_place(const char *path) { return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC); }

int clinux_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int clinux_pipe(int *read_end, int *write_end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}

void clinux_set_pipe_capacity(int fd, int bytes) { (void)fcntl(fd, F_SETPIPE_SZ, bytes); }

int clinux_set_nonblocking(int fd) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

int clinux_readable_bytes(int fd) {
    int count = 0;
    if (ioctl(fd, FIONREAD, &count) != 0 || count < 0) return 0;
    return count;
}

// ---- Processes ----------------------------------------------------------------------------------------------------

int clinux_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

void clinux_forbid_inspection(void) { (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int clinux_take_signals(void) {
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    if (sigaction(SIGPIPE, &ignore, NULL) != 0) return -1;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_SETMASK, &set, NULL) != 0) return -1;
    // An ignored SIGCHLD, inherited, would make the kernel reap on its own.
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    if (sigaction(SIGCHLD, &standard, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int clinux_next_signal(int fd) {
    struct signalfd_siginfo info;
    ssize_t count;
    do count = read(fd, &info, sizeof info);
    while (count < 0 && errno == EINTR);
    return count == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

pid_t clinux_ended_child(void) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int result;
    do result = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
    while (result != 0 && errno == EINTR);
    if (result != 0) return -1;
    return info.si_pid;
}

bool clinux_reap(pid_t pid, struct clinux_end *end) {
    int status = 0;
    struct rusage usage;
    memset(&usage, 0, sizeof usage);
    pid_t result;
    do result = wait4(pid, &status, WNOHANG, &usage);
    while (result < 0 && errno == EINTR);
    if (result != pid) return false;
    end->pid = pid;
    end->signalled = WIFSIGNALED(status);
    end->code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    end->peak_memory_bytes = (int64_t)usage.ru_maxrss * 1024;
    end->user_microseconds = (int64_t)usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec;
    end->system_microseconds = (int64_t)usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec;
    return true;
}

int clinux_open_process(pid_t pid) {
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int clinux_kill_children(void) {
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    int killed = 0;
    pid_t pid = 0;
    char text[1024];
    ssize_t count;
    while ((count = read(fd, text, sizeof text)) > 0) {
        for (ssize_t i = 0; i < count; i++) {
            if (text[i] >= '0' && text[i] <= '9') {
                pid = pid * 10 + (text[i] - '0');
            } else if (pid > 1) {
                if (kill(pid, SIGKILL) == 0) killed += 1;
                pid = 0;
            }
        }
    }
    close(fd);
    return killed;
}

// Puts the three streams in place. They may be among 0, 1 and 2 themselves, so they first move out of the way; the
// copies close themselves on exec.
static bool place_streams(const struct clinux_spawn_request *request) {
    const int sources[3] = {request->standard_input, request->standard_output, request->standard_error};
    int copies[3];
    for (int i = 0; i < 3; i++) {
        copies[i] = fcntl(sources[i], F_DUPFD_CLOEXEC, 3);
        if (copies[i] < 0) return false;
    }
    for (int i = 0; i < 3; i++) {
        if (dup2(copies[i], i) < 0) return false;
    }
    return true;
}

// What the child does between vfork and exec. It shares the suspended parent's memory: it writes nothing there but the
// outcome, and calls nothing but thin wrappers of system calls. Returns the stage that failed.
static int become(const struct clinux_spawn_request *request, pid_t parent, int last_signal) {
    if (setsid() < 0) return CLINUX_SPAWN_SETUP;
    if (request->dies_with_parent) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return CLINUX_SPAWN_SETUP;
        // The parent may have died before the call.
        if (getppid() != parent) _exit(127);
    }
    // The kernel's own form of `struct sigaction`, all zero: SIG_DFL, no flags, an empty mask. The C library would refuse
    // the two signals that it keeps for itself, which whoever started us may have left ignored.
    unsigned long standard[8] = {0};
    for (int signal = 1; signal <= last_signal; signal++) {
        // SIGKILL and SIGSTOP refuse: they need no reset.
        (void)syscall(SYS_rt_sigaction, signal, standard, NULL, _NSIG / 8);
    }
    if (!place_streams(request)) return CLINUX_SPAWN_SETUP;
    if (request->directory >= 0 && fchdir(request->directory) != 0) return CLINUX_SPAWN_DIRECTORY;
    // Whatever else is open, sockets of libraries that forget to say so among it, ends at exec: a child that lives
    // longer than its parent would keep the parent's listeners.
    clinux_keep_descriptors_from_children();
    // Unblocked last: a signal that is pending takes effect only with default dispositions.
    sigset_t none;
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) return CLINUX_SPAWN_SETUP;
    execve(request->path, request->arguments, request->environment);
    return CLINUX_SPAWN_EXECUTE;
}

__attribute__((noinline)) pid_t clinux_spawn(const struct clinux_spawn_request *request, int *stage, int *error) {
    // Read after vfork by the parent, written by the child in the same memory.
    volatile int failed_stage = -1;
    volatile int failed_error = 0;
    const pid_t self = getpid();
    sigset_t all, before;
    sigfillset(&all);
    // No handler of this program may run in the child.
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = vfork();
    if (pid == 0) {
        failed_stage = become(request, self, SIGRTMAX);
        failed_error = errno;
        _exit(127);
    }
    if (pid < 0) {
        failed_stage = CLINUX_SPAWN_PROCESS;
        failed_error = errno;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (failed_stage < 0) return pid;
    if (pid > 0) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    }
    *stage = failed_stage;
    *error = failed_error;
    return -1;
}

// ---- Sockets ------------------------------------------------------------------------------------------------------

static bool unix_address(const char *path, struct sockaddr_un *address) {
    size_t length = strlen(path);
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(address->sun_path, path, length);
    return true;
}

int clinux_connect_unix(const char *path) {
    struct sockaddr_un address;
    if (!unix_address(path, &address)) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int result;
    do result = connect(fd, (struct sockaddr *)&address, sizeof address);
    while (result != 0 && errno == EINTR);
    return result == 0 ? fd : fail_closing(fd);
}

int clinux_listen_unix_at(int directory, const char *name) {
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
    int length = snprintf(path, sizeof path, "/proc/self/fd/%d/%s", directory, name);
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    struct sockaddr_un address;
    if (!unix_address(path, &address)) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) return fail_closing(fd);
    if (fchmodat(directory, name, 0666, 0) != 0 || listen(fd, 1) != 0) {
        int saved = errno;
        unlinkat(directory, name, 0);
        errno = saved;
        return fail_closing(fd);
    }
    return fd;
}

int clinux_accept(int fd) {
    int result;
    do result = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    while (result < 0 && errno == EINTR);
    return result;
}

int clinux_socket_pair(int *first, int *second) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return -1;
    *first = ends[0];
    *second = ends[1];
    return 0;
}

static struct sockaddr_in loopback(uint16_t port) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// A socket bound to 127.0.0.1; `*port` becomes the one it has.
static int bind_loopback(uint16_t *port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    int one = 1;
    struct sockaddr_in address = loopback(*port);
    socklen_t length = sizeof address;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0
        || bind(fd, (struct sockaddr *)&address, sizeof address) != 0
        || getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        return fail_closing(fd);
    }
    *port = ntohs(address.sin_port);
    return fd;
}

int clinux_listen_loopback(uint16_t *port, int backlog) {
    int fd = bind_loopback(port);
    if (fd < 0) return -1;
    return listen(fd, backlog) == 0 ? fd : fail_closing(fd);
}

uint16_t clinux_free_loopback_port(void) {
    uint16_t port = 0;
    int fd = bind_loopback(&port);
    if (fd < 0) return 0;
    close(fd);
    return port;
}

int clinux_connect_loopback(uint16_t port, bool *done) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    struct sockaddr_in address = loopback(port);
    *done = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (*done || errno == EINPROGRESS || errno == EINTR) return fd;
    return fail_closing(fd);
}

int clinux_socket_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
    return error;
}

ssize_t clinux_send(int fd, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int) * DESCRIPTORS_IN_A_MESSAGE)];
    } control;
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    if (descriptor_count > 0) {
        if (descriptor_count > DESCRIPTORS_IN_A_MESSAGE) {
            errno = EINVAL;
            return -1;
        }
        memset(&control, 0, sizeof control);
        message.msg_control = control.space;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * descriptor_count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * descriptor_count);
        memcpy(CMSG_DATA(header), descriptors, sizeof(int) * descriptor_count);
    }
    ssize_t result;
    do result = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (result < 0 && errno == EINTR);
    return result;
}

ssize_t clinux_receive(
    int fd, void *bytes, size_t count, int *descriptors, size_t *descriptor_count, bool *truncated) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int) * DESCRIPTORS_IN_A_MESSAGE)];
    } control;
    struct iovec vector = {.iov_base = bytes, .iov_len = count};
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.space;
    message.msg_controllen = sizeof control.space;
    size_t capacity = *descriptor_count;
    *descriptor_count = 0;
    *truncated = false;
    ssize_t result;
    do result = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    while (result < 0 && errno == EINTR);
    if (result < 0) return -1;
    if ((message.msg_flags & MSG_CTRUNC) != 0) *truncated = true;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t came = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < came; i++) {
            int received;
            memcpy(&received, CMSG_DATA(header) + i * sizeof(int), sizeof received);
            if (*descriptor_count < capacity) {
                descriptors[(*descriptor_count)++] = received;
            } else {
                close(received);
                *truncated = true;
            }
        }
    }
    return result;
}

// ---- Descriptors that others have passed --------------------------------------------------------------------------

static bool socket_option(int fd, int option, int *value) {
    socklen_t length = sizeof *value;
    return getsockopt(fd, SOL_SOCKET, option, value, &length) == 0 && length == sizeof *value;
}

static void look_at_address(const struct sockaddr_storage *address, socklen_t length, bool *loopback, uint16_t *port) {
    struct sockaddr_in internet;
    if (address->ss_family != AF_INET || length < sizeof internet) return;
    memcpy(&internet, address, sizeof internet);
    *loopback = ntohl(internet.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    *port = ntohs(internet.sin_port);
}

static int look_at_socket(int fd, struct clinux_descriptor_facts *facts) {
    int listens = 0;
    if (!socket_option(fd, SO_DOMAIN, &facts->domain) || !socket_option(fd, SO_TYPE, &facts->type)
        || !socket_option(fd, SO_PROTOCOL, &facts->protocol)) {
        return -1;
    }
    // Some kinds of sockets do not know it.
    facts->listens = socket_option(fd, SO_ACCEPTCONN, &listens) && listens != 0;
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    if (getsockname(fd, (struct sockaddr *)&address, &length) == 0) {
        look_at_address(&address, length, &facts->local_is_loopback, &facts->local_port);
    }
    length = sizeof address;
    memset(&address, 0, sizeof address);
    facts->connected = getpeername(fd, (struct sockaddr *)&address, &length) == 0;
    if (facts->connected) look_at_address(&address, length, &facts->peer_is_loopback, &facts->peer_port);
    return 0;
}

int clinux_look_at_descriptor(int fd, struct clinux_descriptor_facts *facts) {
    memset(facts, 0, sizeof *facts);
    struct stat status;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fstat(fd, &status) != 0) return -1;
    // A mere place has the type of what is there, and can do nothing.
    if ((flags & O_PATH) != 0) return 0;
    int access = flags & O_ACCMODE;
    facts->reads = access == O_RDONLY || access == O_RDWR;
    facts->writes = access == O_WRONLY || access == O_RDWR;
    facts->nonblocking = (flags & O_NONBLOCK) != 0;
    if (S_ISFIFO(status.st_mode)) facts->sort = CLINUX_DESCRIPTOR_PIPE;
    if (!S_ISSOCK(status.st_mode)) return 0;
    facts->sort = CLINUX_DESCRIPTOR_SOCKET;
    return look_at_socket(fd, facts);
}

int clinux_reopen_pipe(int fd, bool writes) {
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, (writes ? O_WRONLY : O_RDONLY) | O_NONBLOCK | O_CLOEXEC);
}

static bool takes_descriptor(long call) {
    switch (call) {
    case SYS_read: case SYS_readv: case SYS_recvfrom: case SYS_recvmsg: case SYS_write: case SYS_writev:
    case SYS_sendto: case SYS_sendmsg: case SYS_accept: case SYS_accept4: case SYS_close: case SYS_shutdown:
        return true;
    default: return false;
    }
}

bool clinux_waits_on_descriptor(pid_t thread, int *descriptor) {
    char text[256];
    (void)snprintf(text, sizeof text, "/proc/self/task/%d/syscall", (int)thread);
    int file = open(text, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0) return false;
    text[count] = 0;
    // "running", or the number of the call in decimal and its arguments in hexadecimal, see proc(5).
    char *rest;
    long call = strtol(text, &rest, 10);
    if (rest == text || !takes_descriptor(call)) return false;
    *descriptor = (int)strtoul(rest, NULL, 16);
    return true;
}

pid_t clinux_thread_id(void) { return (pid_t)syscall(SYS_gettid); }

int clinux_copy_descriptor(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 3); }

void clinux_silence_socket(int fd) {
    (void)clinux_set_nonblocking(fd);
    (void)shutdown(fd, SHUT_RDWR);
}

// ---- Waiting ------------------------------------------------------------------------------------------------------

int clinux_wakeup(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int clinux_epoll(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int epoll_apply(int epoll, int operation, int fd, uint64_t token, bool readable, bool writable) {
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    event.events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0);
    event.data.u64 = token;
    return epoll_ctl(epoll, operation, fd, &event);
}

int clinux_epoll_add(int epoll, int fd, uint64_t token, bool readable, bool writable) {
    return epoll_apply(epoll, EPOLL_CTL_ADD, fd, token, readable, writable);
}

int clinux_epoll_change(int epoll, int fd, uint64_t token, bool readable, bool writable) {
    return epoll_apply(epoll, EPOLL_CTL_MOD, fd, token, readable, writable);
}

int clinux_epoll_remove(int epoll, int fd) { return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL); }

int clinux_epoll_wait(int epoll, struct clinux_event *events, int capacity, int milliseconds) {
    struct epoll_event raw[64];
    int limit = capacity < 64 ? capacity : 64;
    int count;
    do count = epoll_wait(epoll, raw, limit, milliseconds);
    while (count < 0 && errno == EINTR);
    for (int i = 0; i < count; i++) {
        events[i].token = raw[i].data.u64;
        events[i].readable = (raw[i].events & EPOLLIN) != 0;
        events[i].writable = (raw[i].events & EPOLLOUT) != 0;
        events[i].hung_up = (raw[i].events & (EPOLLHUP | EPOLLERR)) != 0;
    }
    return count;
}
