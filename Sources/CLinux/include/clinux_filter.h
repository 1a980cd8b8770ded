#ifndef CLINUX_FILTER_H
#define CLINUX_FILTER_H

// Glo's own filter of system calls, which init installs before it starts anything. It takes away what no function needs
// and what leads out of a container, or to parts of the kernel that are young: sockets of every family but Unix, IPv4,
// IPv6 and netlink's routes (AF_VSOCK leads to the hypervisor whatever the network namespace), io_uring, userfaultfd,
// keyrings, and TLS in the kernel. Refusals look as on a kernel that was built without these, so that runtimes that try
// one of them fall back as they do there.
//
// The engine's own profile goes on filtering beside it. Of two refusals the kernel tells that of the newer filter.

#include <linux/filter.h>
#include <stddef.h>

/// The most instructions that the filter has.
#define CLINUX_FILTER_MAX 192

/// Writes the filter's instructions: one program for all machines, which looks at the architecture of each call.
/// Returns how many there are.
size_t clinux_filter_program(struct sock_filter *instructions);

/// Puts this process and all that it starts under the filter, and takes from them the way to new privileges.
/// 0, or -1 with errno: ENOSYS or EINVAL on a kernel without seccomp filters.
int clinux_install_filter(void);

#endif
