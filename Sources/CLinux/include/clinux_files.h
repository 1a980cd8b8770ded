#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H

// What the catalogue needs of the file system: opening beneath a directory, leases, copies inside the kernel, inotify.
// Every function that can fail answers a negative errno, so that nothing lies between the call and the reading of errno.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Values of the kernel's interface that the C library shows only with _GNU_SOURCE.
#ifndef F_SETSIG
#define F_SETSIG 10
#endif
#ifndef F_SETLEASE
#define F_SETLEASE 1024
#endif
#define CLINUX_FICLONE _IOW(0x94, 9, int)

/// What kind of file a name stands for.
enum clinux_file_kind {
    CLINUX_REGULAR = 0,
    CLINUX_DIRECTORY = 1,
    CLINUX_SYMLINK = 2,
    CLINUX_SPECIAL = 3,
};

/// The part of `stat` that tells two states of a file apart.
struct clinux_file_status {
    enum clinux_file_kind kind;
    /// Permission bits, set-id bits and the sticky bit.
    uint32_t mode;
    uint32_t owner;
    uint64_t device;
    uint64_t inode;
    int64_t size;
    int64_t modified_nanoseconds;
    /// The change time cannot be set by anybody, so it tells of writes that the modification time hides.
    int64_t changed_nanoseconds;
};

static inline int clinux_result(long result) { return result < 0 ? -errno : (int)result; }

static inline void clinux_fill_status(struct clinux_file_status *out, const struct stat *from) {
    out->kind = S_ISREG(from->st_mode)   ? CLINUX_REGULAR
                : S_ISDIR(from->st_mode) ? CLINUX_DIRECTORY
                : S_ISLNK(from->st_mode) ? CLINUX_SYMLINK
                                         : CLINUX_SPECIAL;
    out->mode = from->st_mode & 07777;
    out->owner = from->st_uid;
    out->device = from->st_dev;
    out->inode = from->st_ino;
    out->size = from->st_size;
    out->modified_nanoseconds = from->st_mtim.tv_sec * 1000000000LL + from->st_mtim.tv_nsec;
    out->changed_nanoseconds = from->st_ctim.tv_sec * 1000000000LL + from->st_ctim.tv_nsec;
}

/// Status of a name in a directory, of a link itself and not of what it points to. 0 or -errno.
static inline int clinux_status_at(int directory, const char *name, struct clinux_file_status *out) {
    struct stat status;
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0) return -errno;
    clinux_fill_status(out, &status);
    return 0;
}

/// Status of an open file. 0 or -errno.
static inline int clinux_status_of(int fd, struct clinux_file_status *out) {
    struct stat status;
    if (fstat(fd, &status) < 0) return -errno;
    clinux_fill_status(out, &status);
    return 0;
}

/// Opens a path beneath a directory for reading, never through a symbolic link and never out of the directory
/// (openat2, Linux 5.6). It does not wait for the other end of a pipe. A descriptor or -errno.
static inline int clinux_open_beneath(int directory, const char *path, bool is_directory) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (is_directory ? O_DIRECTORY : 0);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    return clinux_result(syscall(SYS_openat2, directory, path, &how, sizeof how));
}

/// Opens a directory that the operator named; links in its path are the operator's choice. A descriptor or -errno.
static inline int clinux_open_directory(const char *path) {
    return clinux_result(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

/// Makes a file that must not exist. A descriptor or -errno.
static inline int clinux_create_file_at(int directory, const char *path) {
    return clinux_result(openat(directory, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
}

/// Opens an existing file for reading and does not follow a link in the last part. A descriptor or -errno.
static inline int clinux_open_file_at(int directory, const char *path) {
    return clinux_result(openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
}

/// Takes a read lease, which the kernel refuses with EAGAIN while anybody has the file open for writing; while it is
/// held, whoever wants to write waits in `open`. 0 or -errno.
///
/// The kernel tells of such a writer by a signal, SIGIO by default, which would end the process: SIGURG is ignored
/// unless somebody asks for it.
static inline int clinux_take_read_lease(int fd) {
    if (fcntl(fd, F_SETSIG, SIGURG) < 0) return -errno;
    return clinux_result(fcntl(fd, F_SETLEASE, F_RDLCK));
}

static inline int clinux_release_lease(int fd) { return clinux_result(fcntl(fd, F_SETLEASE, F_UNLCK)); }

/// Makes the empty file `to` share the blocks of `from`. 0, or -errno where the file system cannot.
static inline int clinux_clone_file(int from, int to) { return clinux_result(ioctl(to, CLINUX_FICLONE, from)); }

/// Copies bytes inside the kernel from where both descriptors stand. The number copied, 0 at the end, or -errno.
static inline int64_t clinux_copy_range(int from, int to, size_t count) {
    long copied = syscall(SYS_copy_file_range, from, NULL, to, NULL, count, 0);
    return copied < 0 ? -errno : copied;
}

/// Puts two names of one file system in each other's place, in one step. 0 or -errno; EINVAL where it cannot be done.
static inline int clinux_exchange(const char *one, const char *other) {
    return clinux_result(syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2u /* RENAME_EXCHANGE */));
}

/// Renames to a name that must not be there. 0 or -errno.
static inline int clinux_rename_new(const char *from, const char *to) {
    return clinux_result(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u /* RENAME_NOREPLACE */));
}

/// Writes out everything of the file system that holds the descriptor. 0 or -errno.
static inline int clinux_synchronize_file_system(int fd) { return clinux_result(syscall(SYS_syncfs, fd)); }

/// Whether the bytes of `needle` occur in those of `haystack`. (memmem is only declared with _GNU_SOURCE.)
static inline bool clinux_contains(const void *haystack, size_t size, const void *needle, size_t needle_size) {
    const char *at = haystack;
    const char *end = at + size;
    const char first = *(const char *)needle;
    while ((size_t)(end - at) >= needle_size) {
        at = memchr(at, first, (size_t)(end - at) - needle_size + 1);
        if (at == NULL) return false;
        if (memcmp(at, needle, needle_size) == 0) return true;
        at++;
    }
    return false;
}

/// The name in a directory entry.
static inline const char *clinux_entry_name(const struct dirent *entry) { return entry->d_name; }

/// An inotify instance. A descriptor or -errno.
static inline int clinux_inotify(void) { return clinux_result(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)); }

/// What an inotify event says, of the bits that the catalogue looks at.
enum clinux_watch_bits {
    CLINUX_WATCH_GONE = IN_IGNORED,
    CLINUX_WATCH_OVERFLOW = IN_Q_OVERFLOW,
    CLINUX_WATCH_SELF = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT,
    CLINUX_WATCH_APPEARED = IN_CREATE | IN_MOVED_TO,
    CLINUX_WATCH_MOVED_IN = IN_MOVED_TO,
    CLINUX_WATCH_MOVED_AWAY = IN_MOVED_FROM,
    CLINUX_WATCH_MODE = IN_ATTRIB,
    CLINUX_WATCH_IS_DIRECTORY = IN_ISDIR,
};

/// Watches a directory for every change of its names, contents and modes. A watch number or -errno.
static inline int clinux_watch_contents(int inotify, const char *path, bool follows_link) {
    return clinux_result(inotify_add_watch(
        inotify, path,
        IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK | (follows_link ? 0 : IN_DONT_FOLLOW)));
}

/// Watches a directory only for names that appear in it and for its own end. A watch number or -errno.
static inline int clinux_watch_names(int inotify, const char *path) {
    return clinux_result(
        inotify_add_watch(inotify, path, IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR));
}

static inline int clinux_unwatch(int inotify, int watch) { return clinux_result(inotify_rm_watch(inotify, watch)); }

/// A non-blocking eventfd, to end a wait from another thread. A descriptor or -errno.
static inline int clinux_eventfd(void) { return clinux_result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

enum clinux_wait_result { CLINUX_WAIT_FIRST, CLINUX_WAIT_SECOND, CLINUX_WAIT_TIMEOUT };

/// Waits until one of two descriptors is readable, and no longer than so many milliseconds. The second goes first.
static inline enum clinux_wait_result clinux_wait_either(int first, int second, int milliseconds) {
    struct pollfd fds[2] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    if (poll(fds, 2, milliseconds) < 0) return CLINUX_WAIT_TIMEOUT;
    if (fds[1].revents != 0) return CLINUX_WAIT_SECOND;
    return fds[0].revents != 0 ? CLINUX_WAIT_FIRST : CLINUX_WAIT_TIMEOUT;
}

#endif
