// A Lambda handler that takes several events at once, as AWS_LAMBDA_MAX_CONCURRENCY allows: one thread, one epoll, one
// connection to the Runtime API for each poller. It stands for runtimes with an event loop of their own (Node, Go, async
// Rust and Python). It waits for the answer to each request before it sends the next: no pipelining.
//
// Every event is answered with the environment variable ECHO_REPLY, or {} when there is none. With ECHO_CLOCK the answer
// is the moment at which the event was read, in nanoseconds of CLOCK_REALTIME: {"startedNanoseconds":1}

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 1 << 16 };

struct poller {
    int fd;
    int waits_for_event; // 1: GET /next was sent, 0: POST /response was sent
    size_t have;
    char buffer[BUFFER + 1];
};

static char host[64];
static struct sockaddr_in address;
static const char *reply;
static size_t reply_length;
static int pipelines;
static int tells_time;

static void die(const char *what) {
    perror(what);
    exit(1);
}

// A whole small request in one write: the socket's buffer is empty, since the last answer has come.
static void send_all(struct poller *poller, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = write(poller->fd, bytes, length);
        if (sent < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (sent <= 0) die("write");
        bytes += sent;
        length -= (size_t)sent;
    }
}

static void ask(struct poller *poller) {
    char head[256];
    int length = snprintf(head, sizeof head, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    poller->waits_for_event = 1;
    send_all(poller, head, (size_t)length);
}

static void write_time(void) {
    static char text[64];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    reply_length = (size_t)snprintf(
        text, sizeof text, "{\"startedNanoseconds\":%lld}", (long long)now.tv_sec * 1000000000LL + now.tv_nsec);
    reply = text;
}

static void answer(struct poller *poller, const char *id, size_t id_length) {
    static char message[BUFFER];
    int length = snprintf(
        message, sizeof message,
        "POST /2018-06-01/runtime/invocation/%.*s/response HTTP/1.1\r\nHost: %s\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        (int)id_length, id, host, reply_length, reply);
    if (pipelines && length > 0 && (size_t)length < sizeof message)
        length += snprintf(
            message + length, sizeof message - (size_t)length,
            "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    if (length < 0 || (size_t)length >= sizeof message) die("ECHO_REPLY is too long");
    poller->waits_for_event = 0;
    send_all(poller, message, (size_t)length);
}

static const char *find_header(const char *head, const char *name) {
    const char *at = strcasestr(head, name);
    return at ? at + strlen(name) : NULL;
}

// Handles one response if it is here as a whole; with pipelining there may be another one behind it.
static int step(struct poller *poller) {
    poller->buffer[poller->have] = 0;
    char *end = memmem(poller->buffer, poller->have, "\r\n\r\n", 4);
    if (!end) return 0;
    const char *length_text = find_header(poller->buffer, "\r\ncontent-length: ");
    if (!length_text || length_text > end) die("no Content-Length");
    size_t whole = (size_t)(end + 4 - poller->buffer) + strtoul(length_text, NULL, 10);
    if (whole > BUFFER) die("an event is too long for this handler");
    if (poller->have < whole) return 0;
    if (strncmp(poller->buffer + 9, poller->waits_for_event ? "200" : "202", 3) != 0) die("unexpected status");
    if (!poller->waits_for_event) {
        if (pipelines) poller->waits_for_event = 1;
        else ask(poller);
    } else {
        if (tells_time) write_time();
        const char *id = find_header(poller->buffer, "\r\nlambda-runtime-aws-request-id: ");
        if (!id) die("no request id");
        answer(poller, id, strcspn(id, "\r"));
    }
    poller->have -= whole;
    memmove(poller->buffer, poller->buffer + whole, poller->have);
    return 1;
}

int main(void) {
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
    const char *colon = api ? strchr(api, ':') : NULL;
    if (!colon || strlen(api) >= sizeof host) die("AWS_LAMBDA_RUNTIME_API");
    strcpy(host, api);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)atoi(colon + 1));
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    reply = getenv("ECHO_REPLY") ? getenv("ECHO_REPLY") : "{}";
    reply_length = strlen(reply);
    pipelines = getenv("ECHO_PIPELINE") != NULL;
    tells_time = getenv("ECHO_CLOCK") != NULL;
    int pollers = getenv("AWS_LAMBDA_MAX_CONCURRENCY") ? atoi(getenv("AWS_LAMBDA_MAX_CONCURRENCY")) : 1;
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int index = 0; index < pollers; index++) {
        struct poller *poller = calloc(1, sizeof *poller);
        if (!poller) die("calloc");
        poller->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (poller->fd < 0 || connect(poller->fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
        int one = 1;
        setsockopt(poller->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = poller};
        epoll_ctl(epoll, EPOLL_CTL_ADD, poller->fd, &event);
        ask(poller);
    }
    for (;;) {
        struct epoll_event events[64];
        int count = epoll_wait(epoll, events, 64, -1);
        for (int index = 0; index < count; index++) {
            struct poller *poller = events[index].data.ptr;
            ssize_t got = read(poller->fd, poller->buffer + poller->have, BUFFER - poller->have);
            if (got == 0) return 0;
            if (got < 0) die("read");
            poller->have += (size_t)got;
            while (step(poller)) {}
        }
    }
}
