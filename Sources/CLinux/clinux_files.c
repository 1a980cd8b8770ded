#include "clinux_files.h"

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

_Static_assert(CLINUX_WATCH_GONE == IN_IGNORED, "inotify(7)");
_Static_assert(CLINUX_WATCH_OVERFLOW == IN_Q_OVERFLOW, "inotify(7)");
_Static_assert(CLINUX_WATCH_SELF == (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT), "inotify(7)");
_Static_assert(CLINUX_WATCH_APPEARED == (IN_CREATE | IN_MOVED_TO), "inotify(7)");
_Static_assert(CLINUX_WATCH_MOVED_IN == IN_MOVED_TO, "inotify(7)");
_Static_assert(CLINUX_WATCH_MOVED_AWAY == IN_MOVED_FROM, "inotify(7)");
_Static_assert(CLINUX_WATCH_MODE == IN_ATTRIB, "inotify(7)");
_Static_assert(CLINUX_WATCH_IS_DIRECTORY == IN_ISDIR, "inotify(7)");

static int clinux_result(long result) { return result < 0 ? -errno : (int)result; }

static void clinux_fill_status(struct clinux_file_status *out, const struct stat *from) {
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

int clinux_status_at(int directory, const char *name, struct clinux_file_status *out) {
    struct stat status;
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0) return -errno;
    clinux_fill_status(out, &status);
    return 0;
}

int clinux_status_of(int fd, struct clinux_file_status *out) {
    struct stat status;
    if (fstat(fd, &status) < 0) return -errno;
    clinux_fill_status(out, &status);
    return 0;
}

int clinux_open_beneath(int directory, const char *path, bool is_directory) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (is_directory ? O_DIRECTORY : 0);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    return clinux_result(syscall(SYS_openat2, directory, path, &how, sizeof how));
}

int clinux_open_directory(const char *path) {
    return clinux_result(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

int clinux_create_file_at(int directory, const char *path) {
    return clinux_result(openat(directory, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
}

int clinux_open_file_at(int directory, const char *path) {
    return clinux_result(openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
}

int clinux_take_read_lease(int fd) {
    if (fcntl(fd, F_SETSIG, SIGURG) < 0) return -errno;
    return clinux_result(fcntl(fd, F_SETLEASE, F_RDLCK));
}

int clinux_release_lease(int fd) { return clinux_result(fcntl(fd, F_SETLEASE, F_UNLCK)); }

int clinux_clone_file(int from, int to) { return clinux_result(ioctl(to, CLINUX_FICLONE, from)); }

int64_t clinux_copy_range(int from, int to, size_t count) {
    long copied = syscall(SYS_copy_file_range, from, NULL, to, NULL, count, 0);
    return copied < 0 ? -errno : copied;
}

int clinux_exchange(const char *one, const char *other) {
    return clinux_result(syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2u /* RENAME_EXCHANGE */));
}

int clinux_rename_new(const char *from, const char *to) {
    return clinux_result(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u /* RENAME_NOREPLACE */));
}

int clinux_synchronize_file_system(int fd) { return clinux_result(syscall(SYS_syncfs, fd)); }

bool clinux_contains(const void *haystack, size_t size, const void *needle, size_t needle_size) {
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

const char *clinux_entry_name(const void *entry) { return ((const struct dirent *)entry)->d_name; }

int clinux_inotify(void) { return clinux_result(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)); }

int clinux_watch_contents(int inotify, const char *path, bool follows_link) {
    return clinux_result(inotify_add_watch(
        inotify, path,
        IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK | (follows_link ? 0 : IN_DONT_FOLLOW)));
}

int clinux_watch_names(int inotify, const char *path) {
    return clinux_result(
        inotify_add_watch(inotify, path, IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR));
}

int clinux_unwatch(int inotify, int watch) { return clinux_result(inotify_rm_watch(inotify, watch)); }

int clinux_eventfd(void) { return clinux_result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

enum clinux_wait_result clinux_wait_either(int first, int second, int milliseconds) {
    struct pollfd fds[2] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    if (poll(fds, 2, milliseconds) < 0) return CLINUX_WAIT_TIMEOUT;
    if (fds[1].revents != 0) return CLINUX_WAIT_SECOND;
    return fds[0].revents != 0 ? CLINUX_WAIT_FIRST : CLINUX_WAIT_TIMEOUT;
}
