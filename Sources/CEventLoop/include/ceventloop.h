#ifndef CEVENTLOOP_H
#define CEVENTLOOP_H

// Descriptors that a container passed out, on SwiftNIO's event loop.
//
// The container may still have the same open file, and so it can change it at any moment: end a connection and make it
// again, open a pipe's other end anew, fill a socket's error queue. SwiftNIO takes it for impossible that the kernel tells
// of an end (EPOLLHUP, EPOLLERR, EPOLLRDHUP) and a read then finds neither bytes nor an end nor an error: it ends the
// program. For guarded descriptors that are read, such an event becomes EPOLLIN. The loop reads as always and finds what is
// there: bytes, the end, an error, or nothing, which is no harm. (Debug builds of SwiftNIO assert that it is not nothing;
// that takes a change within the microseconds between the look here and the read.)
//
// `epoll_ctl` and `epoll_wait` are defined here for the whole program, in front of the C library's. For descriptors that
// are not guarded they do what epoll_ctl(2) and epoll_wait(2) do.

/// Guards a descriptor that is read, until it is taken off its epoll instance. Call it on the thread of the loop that will
/// use it, before it is added.
void ceventloop_guard(int fd);

#endif
