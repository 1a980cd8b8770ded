/* Preloaded into redis-server: writes down how long each file was when it was last synced to the disk, so that a power
 * cut can be played afterwards by cutting the file back to that length. The note of a file is called like its inode
 * number, in the directory CHAOS_SYNCED, and holds the length as text.
 *
 * The length is taken before the call, because what is written during it need not be covered; the note is written
 * after it, and before Redis answers anybody, so that nothing acknowledged is missing from it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void note(const struct stat *file) {
    const char *directory = getenv("CHAOS_SYNCED");
    if (directory == NULL || !S_ISREG(file->st_mode)) return;
    char path[512], text[32];
    snprintf(path, sizeof path, "%s/%llu", directory, (unsigned long long)file->st_ino);
    /* A fixed width: a later, longer one replaces it whole. */
    int length = snprintf(text, sizeof text, "%020lld", (long long)file->st_size);
    int to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (to < 0 || pwrite(to, text, (size_t)length, 0) != length) abort();
    close(to);
}

static int synced(int fd, const char *name) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    struct stat file;
    int known = fstat(fd, &file) == 0;
    int result = real(fd);
    int error = errno;
    if (result == 0 && known) note(&file);
    errno = error;
    return result;
}

int fsync(int fd) { return synced(fd, "fsync"); }

int fdatasync(int fd) { return synced(fd, "fdatasync"); }
