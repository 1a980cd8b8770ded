#ifndef CLINUX_LIFELINE_H
#define CLINUX_LIFELINE_H

// How others learn of the end of this process sooner than by its sockets.
//
// The kernel closes the descriptors of a process after it has taken back the memory, which takes milliseconds for a large
// one. A thread that has a table of descriptors of its own, unshare(2), gives that up as soon as it is killed itself.

/// Makes a pipe whose writing end only such a thread has, until this process ends. The reading end, close-on-exec, on
/// which nothing ever comes but the hang-up; -1 with errno: EPERM where a filter of system calls forbids it.
int clinux_lifeline(void);

#endif
