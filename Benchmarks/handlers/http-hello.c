/* An HTTP/1.1 server on 127.0.0.1:$PORT that answers "hello" to everything: one thread, epoll, keep-alive, pipelining.
 * The worker of the benchmarks' `http` row: it does so little that the row shows what Glo costs. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { maximum_events = 64, buffer_bytes = 16 * 1024 };

static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";

/* A client's connection: the bytes that have come, and how much of a body is still to be skipped. */
struct client {
    int socket;
    size_t count;
    size_t body_left;
    char bytes[buffer_bytes];
};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* The Content-Length of the head at `bytes`; 0 when there is none. */
static size_t body_length(const char *bytes, size_t head_length) {
    const char *end = bytes + head_length;
    for (const char *line = memchr(bytes, '\n', head_length); line != NULL && ++line < end;
         line = memchr(line, '\n', (size_t)(end - line))) {
        if (strncasecmp(line, "content-length:", 15) == 0) return strtoul(line + 15, NULL, 10);
    }
    return 0;
}

/* Takes whole requests out of the buffer and says how many there were. */
static int take_requests(struct client *client) {
    int requests = 0;
    size_t used = 0;
    for (;;) {
        size_t skipped = client->body_left < client->count - used ? client->body_left : client->count - used;
        client->body_left -= skipped;
        used += skipped;
        char *start = client->bytes + used;
        char *end = memmem(start, client->count - used, "\r\n\r\n", 4);
        if (client->body_left > 0 || end == NULL) break;
        size_t head_length = (size_t)(end - start) + 4;
        client->body_left = body_length(start, head_length);
        used += head_length;
        requests++;
    }
    client->count -= used;
    memmove(client->bytes, client->bytes + used, client->count);
    return requests;
}

/* Reads what has come and answers it; 0 when the connection is over. */
static int serve(struct client *client) {
    ssize_t got = read(client->socket, client->bytes + client->count, buffer_bytes - client->count);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
    if (got <= 0) return 0;
    client->count += (size_t)got;
    int requests = take_requests(client);
    if (requests == 0) return client->count < buffer_bytes;
    while (requests-- > 0) {
        if (send(client->socket, answer, sizeof answer - 1, requests > 0 ? MSG_MORE : 0) != (ssize_t)(sizeof answer - 1))
            return 0;
    }
    return 1;
}

static int listen_on(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1024) != 0)
        fail("listen");
    return listener;
}

static void accept_clients(int listener, int poll) {
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) return;
        int on = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct client *client = calloc(1, sizeof *client);
        if (client == NULL) fail("calloc");
        client->socket = descriptor;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
    }
}

int main(void) {
    const char *port = getenv("PORT");
    if (port == NULL) {
        fprintf(stderr, "http-hello: PORT is not set\n");
        return 1;
    }
    signal(SIGPIPE, SIG_IGN);
    int listener = listen_on(atoi(port));
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event) != 0) fail("epoll");
    for (;;) {
        struct epoll_event events[maximum_events];
        int count = epoll_wait(poll, events, maximum_events, -1);
        for (int i = 0; i < count; i++) {
            struct client *client = events[i].data.ptr;
            if (client == NULL) {
                accept_clients(listener, poll);
            } else if (!serve(client)) {
                close(client->socket);
                free(client);
            }
        }
    }
}
