/* Prints what calls come to that Glo's filter takes away, one "name errno" a line, in each of the ways in which a 64-bit
 * program can make them. 0 is a call that went well. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/socket.h>
#include <unistd.h>

static void tell(const char *how, const char *what, long result) {
    printf("%s%s %ld\n", how, what, result < 0 ? -result : 0);
    if (result > 2) close((int)result);
}

static long call(long number, long a, long b, long c) {
    long result = syscall(number, a, b, c);
    return result < 0 ? -errno : result;
}

#if defined(__x86_64__)
/* The entry of 32-bit programs. */
static long call32(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c)
                     : "memory", "r8", "r9", "r10", "r11");
    return (int)result;
}
#endif

int main(void) {
    tell("", "unix", call(SYS_socket, AF_UNIX, SOCK_STREAM, 0));
    tell("", "inet", call(SYS_socket, AF_INET, SOCK_STREAM, 0));
    tell("", "route", call(SYS_socket, AF_NETLINK, SOCK_RAW, 0));
    tell("", "vsock", call(SYS_socket, 40, SOCK_STREAM, 0));
    tell("", "vsock-upper", call(SYS_socket, 40 | 1L << 32, SOCK_STREAM, 0));
    tell("", "alg", call(SYS_socket, 38, SOCK_SEQPACKET, 0));
    tell("", "audit", call(SYS_socket, AF_NETLINK, SOCK_RAW, 9));
    tell("", "io_uring", call(425, 1, 0, 0));
    tell("", "userfaultfd", call(SYS_userfaultfd, 0, 0, 0));
    tell("", "keyctl", call(SYS_keyctl, 0, -3, 0));
    tell("", "add_key", call(SYS_add_key, 0, 0, 0));
#if defined(__x86_64__)
    /* A kernel without 32-bit calls ends the process by a signal: the lines above are out by then. */
    fflush(stdout);
    tell("32-", "inet", call32(359, AF_INET, SOCK_STREAM, 0));
    tell("32-", "vsock", call32(359, 40, SOCK_STREAM, 0));
    tell("32-", "socketcall", call32(102, 1, 0, 0));
    tell("32-", "io_uring", call32(425, 1, 0, 0));
    tell("32-", "userfaultfd", call32(374, 0, 0, 0));
    tell("32-", "keyctl", call32(288, 0, -3, 0));
    tell("x32-", "vsock", call(0x40000000L | SYS_socket, 40, SOCK_STREAM, 0));
    tell("x32-", "io_uring", call(0x40000000L | 425, 1, 0, 0));
#endif
    return 0;
}
