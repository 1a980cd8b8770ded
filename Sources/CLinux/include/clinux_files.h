#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H

// What the catalogue needs of the file system: opening beneath a directory, leases, copies inside the kernel, inotify.
// Every function that can fail answers a negative errno, so that nothing lies between the call and the reading of errno.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/// Status of a name in a directory, of a link itself and not of what it points to. 0 or -errno.
int clinux_status_at(int directory, const char *name, struct clinux_file_status *out);

/// Status of an open file. 0 or -errno.
int clinux_status_of(int fd, struct clinux_file_status *out);

/// Opens a path beneath a directory for reading, never through a symbolic link and never out of the directory
/// (openat2, Linux 5.6). It does not wait for the other end of a pipe. A descriptor or -errno.
int clinux_open_beneath(int directory, const char *path, bool is_directory);

/// Opens a directory that the operator named; links in its path are the operator's choice. A descriptor or -errno.
int clinux_open_directory(const char *path);

/// Makes a file that must not exist. A descriptor or -errno.
int clinux_create_file_at(int directory, const char *path);

/// Opens an existing file for reading and does not follow a link in the last part. A descriptor or -errno.
int clinux_open_file_at(int directory, const char *path);

/// Takes a read lease, which the kernel refuses with EAGAIN while anybody has the file open for writing; while it is
/// held, whoever wants to write waits in `open`. 0 or -errno.
///
/// The kernel tells of such a writer by a signal, SIGIO by default, which would end the process: SIGURG is ignored
/// unless somebody asks for it.
int clinux_take_read_lease(int fd);

int clinux_release_lease(int fd);

/// Makes the empty file `to` share the blocks of `from`. 0, or -errno where the file system cannot.
int clinux_clone_file(int from, int to);

/// Copies bytes inside the kernel from where both descriptors stand. The number copied, 0 at the end, or -errno.
int64_t clinux_copy_range(int from, int to, size_t count);

/// Puts two names of one file system in each other's place, in one step. 0 or -errno; EINVAL where it cannot be done.
int clinux_exchange(const char *one, const char *other);

/// Renames to a name that must not be there. 0 or -errno.
int clinux_rename_new(const char *from, const char *to);

/// Writes out everything of the file system that holds the descriptor. 0 or -errno.
int clinux_synchronize_file_system(int fd);

/// Whether the bytes of `needle` occur in those of `haystack`. (memmem is only declared with _GNU_SOURCE.)
bool clinux_contains(const void *haystack, size_t size, const void *needle, size_t needle_size);

/// The name in a `struct dirent`.
const char *clinux_entry_name(const void *entry);

/// An inotify instance. A descriptor or -errno.
int clinux_inotify(void);

/// What an inotify event says, of the bits that the catalogue looks at; clinux_files.c compares them with inotify(7).
enum clinux_watch_bits {
    CLINUX_WATCH_GONE = 0x8000,
    CLINUX_WATCH_OVERFLOW = 0x4000,
    CLINUX_WATCH_SELF = 0x2c00,
    CLINUX_WATCH_APPEARED = 0x180,
    CLINUX_WATCH_MOVED_IN = 0x80,
    CLINUX_WATCH_MOVED_AWAY = 0x40,
    CLINUX_WATCH_MODE = 0x4,
    CLINUX_WATCH_IS_DIRECTORY = 0x40000000,
};

/// Watches a directory for every change of its names, contents and modes. A watch number or -errno.
int clinux_watch_contents(int inotify, const char *path, bool follows_link);

/// Watches a directory only for names that appear in it and for its own end. A watch number or -errno.
int clinux_watch_names(int inotify, const char *path);

int clinux_unwatch(int inotify, int watch);

/// A non-blocking eventfd, to end a wait from another thread. A descriptor or -errno.
int clinux_eventfd(void);

enum clinux_wait_result { CLINUX_WAIT_FIRST, CLINUX_WAIT_SECOND, CLINUX_WAIT_TIMEOUT };

/// Waits until one of two descriptors is readable, and no longer than so many milliseconds. The second goes first.
enum clinux_wait_result clinux_wait_either(int first, int second, int milliseconds);

#endif
