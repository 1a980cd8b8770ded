#ifndef CLINUX_H
#define CLINUX_H

// System calls that Swift cannot import by itself: variadic ones, macros, and what needs _GNU_SOURCE (which is why the
// bodies are in clinux.c).
//
// The headers of this module include none of the system's that declare a struct. Such a struct would belong to this
// module and to Glibc's, for Swift to whichever it happened to load first, and so would what a file has to import in order
// to use its members.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- Plain values -------------------------------------------------------------------------------------------------

/// The calling thread's `errno`.
int clinux_errno(void);

/// A word of this program's command line (0 is the program), NULL behind the last. Embedded Swift has no CommandLine.
const char *clinux_argument(int index);

/// The monotonic clock in nanoseconds.
int64_t clinux_monotonic_nanoseconds(void);

// ---- Files and descriptors ----------------------------------------------------------------------------------------

/// Opens /dev/null in place of missing standard streams and closes all other inherited descriptors.
void clinux_secure_descriptors(void);

/// Lets no child inherit what this process has inherited, standard streams excepted. For programs whose runtime has
/// descriptors of its own before their code runs. Kernels before 5.11 cannot, and change nothing.
void clinux_keep_descriptors_from_children(void);

/// `open`; O_CLOEXEC is added. A descriptor, or -1 with errno.
int clinux_open(const char *path, int flags, unsigned mode);

/// The same below a directory's descriptor.
int clinux_open_at(int directory, const char *path, int flags, unsigned mode);

/// Opens a directory as a place only (O_PATH). A descriptor, or -1 with errno.
int clinux_open_place(const char *path);

/// An anonymous file in memory, close-on-exec. A descriptor, or -1 with errno.
int clinux_memory_file(const char *name);

/// A pipe, both ends close-on-exec and blocking. 0, or -1 with errno.
int clinux_pipe(int *read_end, int *write_end);

/// Asks for a larger pipe buffer; it is no error when the system says no.
void clinux_set_pipe_capacity(int fd, int bytes);

/// 0, or -1 with errno.
int clinux_set_nonblocking(int fd);

/// Bytes that can be read now; 0 when that is unknown.
int clinux_readable_bytes(int fd);

// ---- Processes ----------------------------------------------------------------------------------------------------

/// The process that dies becomes nobody else's to reap: its orphans come to this process. 0, or -1 with errno.
int clinux_become_subreaper(void);

/// No other process of the same user may trace this one or look into its descriptors and memory.
void clinux_forbid_inspection(void);

/// Blocks SIGCHLD, SIGTERM, SIGINT and SIGHUP, ignores SIGPIPE, and returns a non-blocking signalfd for the blocked
/// ones, or -1 with errno. Only for single-threaded programs.
int clinux_take_signals(void);

/// The next pending signal of that descriptor, 0 when there is none.
int clinux_next_signal(int fd);

/// Kills every child of this process with SIGKILL. The number of children; 0 also when the system does not list them.
/// Their own children become this process's when it is a subreaper: repeat until none is left.
int clinux_kill_children(void);

/// How a child ended.
struct clinux_end {
    int pid;
    /// Whether `code` is a signal's number, else it is the exit code.
    bool signalled;
    int code;
    int64_t peak_memory_bytes;
    int64_t user_microseconds;
    int64_t system_microseconds;
};

/// The process id of a child that has ended and is not yet reaped, 0 when no child has ended, -1 when there is no child.
int clinux_ended_child(void);

/// Reaps that child. False when it is not there.
bool clinux_reap(int pid, struct clinux_end *end);

/// A descriptor that becomes readable when the process ends, or -1 with errno.
int clinux_open_process(int pid);

/// What to start, and how. Every pointer stays valid during the call.
struct clinux_spawn_request {
    /// A path; nothing is searched.
    const char *path;
    char *const *arguments;
    char *const *environment;
    /// A directory's descriptor, -1 to stay.
    int directory;
    int standard_input;
    int standard_output;
    int standard_error;
    /// The child gets SIGKILL when the thread that starts it dies.
    bool dies_with_parent;
};

/// Which call of the child failed.
enum clinux_spawn_stage {
    CLINUX_SPAWN_PROCESS = 0,
    CLINUX_SPAWN_SETUP = 1,
    CLINUX_SPAWN_DIRECTORY = 2,
    CLINUX_SPAWN_EXECUTE = 3,
};

/// Starts a program as leader of a session and process group of its own, with default signal dispositions, an empty
/// signal mask and the three descriptors as its only open ones (kernels before 5.11: those without close-on-exec too).
/// The process id, or -1: then `stage` and `error` say what failed.
///
/// vfork, because posix_spawn can neither set the parent's death signal nor say which step failed. The caller is
/// suspended until the child has executed the program, about half a millisecond.
int clinux_spawn(const struct clinux_spawn_request *request, int *stage, int *error);

// ---- Sockets ------------------------------------------------------------------------------------------------------

/// A stream socket connected to the path, close-on-exec, blocking. A descriptor, or -1 with errno.
int clinux_connect_unix(const char *path);

/// A listening, non-blocking stream socket at `name` in the directory of a descriptor, whatever the length of that
/// directory's path; accessible to all users. A descriptor, or -1 with errno.
int clinux_listen_unix_at(int directory, const char *name);

/// The next connection, non-blocking and close-on-exec, or -1 with errno.
int clinux_accept(int fd);

/// A connected pair of stream sockets, close-on-exec and non-blocking. 0, or -1 with errno.
int clinux_socket_pair(int *first, int *second);

/// A non-blocking TCP socket that listens on 127.0.0.1; port 0 takes any, `port` says which. A descriptor, or -1 with
/// errno.
int clinux_listen_loopback(uint16_t *port, int backlog);

/// A TCP port of 127.0.0.1 that is free now, 0 when there is none.
uint16_t clinux_free_loopback_port(void);

/// Begins to connect to 127.0.0.1. A non-blocking descriptor (`*done` says whether it is connected already), or -1 with
/// errno.
int clinux_connect_loopback(uint16_t port, bool *done);

/// The pending error of a socket, 0 when there is none.
int clinux_socket_error(int fd);

/// Sends bytes without blocking and without SIGPIPE, descriptors with the first of them. The number of bytes, or -1
/// with errno.
ptrdiff_t clinux_send(int fd, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count);

/// Receives bytes without blocking, and up to 253 descriptors with them, which are close-on-exec.
/// `*descriptor_count` is the capacity at first and then what came; descriptors beyond the capacity are closed and
/// `*truncated` is true. The number of bytes, 0 at the end, or -1 with errno.
ptrdiff_t clinux_receive(
    int fd, void *bytes, size_t count, int *descriptors, size_t *descriptor_count, bool *truncated);

// ---- Descriptors that others have passed ---------------------------------------------------------------------------

enum clinux_descriptor_sort {
    /// A file, a directory, a device, an epoll, a mere place (O_PATH), …
    CLINUX_DESCRIPTOR_OTHER,
    CLINUX_DESCRIPTOR_PIPE,
    CLINUX_DESCRIPTOR_SOCKET,
};

/// What the kernel says of an open descriptor. Of what is no socket, all from `domain` on is 0.
struct clinux_descriptor_facts {
    enum clinux_descriptor_sort sort;
    bool reads;
    bool writes;
    /// O_NONBLOCK, which everybody who has the descriptor can change.
    bool nonblocking;
    /// AF_*, SOCK_*, IPPROTO_*
    int domain;
    int type;
    int protocol;
    bool listens;
    /// Whether it has a peer now: that of TCP is gone once it has been reset.
    bool connected;
    /// AF_INET: 127.0.0.0/8 at this end, and at the other (false when there is none).
    bool local_is_loopback;
    bool peer_is_loopback;
    uint16_t local_port;
    uint16_t peer_port;
};

/// Swift does not see the C library's SOCK_STREAM and IPPROTO_TCP as numbers.
extern const int clinux_stream_socket;
extern const int clinux_tcp;

/// 0, or -1 with errno when it cannot be looked at.
int clinux_look_at_descriptor(int fd, struct clinux_descriptor_facts *facts);

/// Opens the same end of a pipe once more, non-blocking: nobody who has the old descriptor can change that. A descriptor,
/// or -1 with errno: EACCES where the pipe is another user's and this process is not root.
int clinux_reopen_pipe(int fd, bool writes);

/// Whether a thread of this process waits in a call about a descriptor, which a non-blocking one never does for long.
bool clinux_waits_on_descriptor(int thread, int *descriptor);

/// The calling thread's id.
int clinux_thread_id(void);

/// A copy of a descriptor, close-on-exec, or -1 with errno.
int clinux_copy_descriptor(int fd);

/// Has a socket refuse everything from now on: whoever waits in a call about it comes back.
void clinux_silence_socket(int fd);

// ---- Waiting ------------------------------------------------------------------------------------------------------

/// An eventfd, non-blocking and close-on-exec, or -1 with errno.
int clinux_wakeup(void);

/// An epoll descriptor, or -1 with errno.
int clinux_epoll(void);

/// Adds or changes what is waited for on a descriptor: readability, writability, and always hang-ups.
/// 0, or -1 with errno.
int clinux_epoll_add(int epoll, int fd, uint64_t token, bool readable, bool writable);
int clinux_epoll_change(int epoll, int fd, uint64_t token, bool readable, bool writable);
int clinux_epoll_remove(int epoll, int fd);

struct clinux_event {
    uint64_t token;
    bool readable;
    bool writable;
    bool hung_up;
};

/// Waits for at most `milliseconds` (-1: for ever). The number of events, or -1 with errno.
int clinux_epoll_wait(int epoll, struct clinux_event *events, int capacity, int milliseconds);

#endif
