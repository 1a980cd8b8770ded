/* echo: a client of the Lambda Runtime API in C, with nothing but sockets.
 *
 * It answers every event with the event itself, so a call shows what a handler is given:
 *
 *     curl http://127.0.0.1:8080/echo-c?a=1
 *
 * Built as one static file and dropped into functions/ under the name of the function:
 *
 *     cc -O2 -static -o functions/echo-c functions/_src/echo.c
 *
 * Glo sees the string AWS_LAMBDA_RUNTIME_API in the file and so knows the contract: `lambda`. No manifest is needed.
 * Names that start with `_` or `.` are not functions, therefore the source may stay in functions/_src.
 *
 * With ECHO_REPLY in the environment (function.yaml, `environment:`) that text is the answer instead of the event.
 */
#define _GNU_SOURCE /* memmem */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    maximum_head_bytes = 64 * 1024,
    /* Lambda's limit of an event: 6 MiB and 100 bytes. */
    maximum_body_bytes = 6291556,
    maximum_id_bytes = 128,
};

/* One connection to the Runtime API and the bytes that came in on it. */
struct connection {
    int socket;
    char *bytes;
    size_t count;    /* bytes that were read */
    size_t consumed; /* bytes of the message that was answered last */
    size_t capacity;
};

/* A response of the Runtime API; the pointers lie in the connection's buffer until the next read. */
struct message {
    int status;
    char *head;
    size_t head_length;
    char *body;
    size_t body_length;
    int closes; /* the server wants the connection closed after this */
};

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "echo: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    exit(1);
}

/* Connects to `address`, an IPv4 literal and a port: "127.0.0.1:9001". */
static int connect_to(const char *address) {
    char host[64];
    const char *colon = strrchr(address, ':');
    if (colon == NULL || (size_t)(colon - address) >= sizeof host) die("AWS_LAMBDA_RUNTIME_API is not host:port: %s", address);
    memcpy(host, address, (size_t)(colon - address));
    host[colon - address] = 0;

    char *end = NULL;
    long port = strtol(colon + 1, &end, 10);
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    if (*end != 0 || port < 1 || port > 65535 || inet_pton(AF_INET, host, &target.sin_addr) != 1)
        die("AWS_LAMBDA_RUNTIME_API is not an IPv4 address and a port: %s", address);

    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) die("socket: %s", strerror(errno));
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(descriptor, (struct sockaddr *)&target, sizeof target) != 0) die("connect to %s: %s", address, strerror(errno));
    return descriptor;
}

/* Writes all the parts, in as few system calls as the socket allows. */
static void send_all(int descriptor, struct iovec *parts, int count) {
    while (count > 0) {
        ssize_t sent = writev(descriptor, parts, count);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) die("write: %s", strerror(errno));
        while (count > 0 && (size_t)sent >= parts->iov_len) {
            sent -= (ssize_t)parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (char *)parts->iov_base + sent;
            parts->iov_len -= (size_t)sent;
        }
    }
}

/* Reads more bytes behind those that are there. Ends the program when the controller has gone: that is the contract. */
static void read_more(struct connection *connection) {
    if (connection->count == connection->capacity) {
        size_t capacity = connection->capacity * 2;
        char *bytes = realloc(connection->bytes, capacity);
        if (bytes == NULL) die("out of memory at %zu bytes", capacity);
        connection->bytes = bytes;
        connection->capacity = capacity;
    }
    for (;;) {
        ssize_t got = read(connection->socket, connection->bytes + connection->count, connection->capacity - connection->count);
        if (got > 0) {
            connection->count += (size_t)got;
            return;
        }
        if (got < 0 && errno == EINTR) continue;
        if (got == 0) die("the Runtime API closed the connection");
        die("read: %s", strerror(errno));
    }
}

/* The value of a header field without blanks around it; its length goes to `length`. NULL when there is none. */
static char *field(const struct message *message, const char *name, size_t *length) {
    size_t name_length = strlen(name);
    char *end = message->head + message->head_length;
    char *line = memchr(message->head, '\n', message->head_length);
    while (line != NULL && ++line < end) {
        char *stop = memchr(line, '\n', (size_t)(end - line));
        if (stop == NULL) return NULL;
        if ((size_t)(stop - line) > name_length && line[name_length] == ':' && strncasecmp(line, name, name_length) == 0) {
            char *value = line + name_length + 1;
            char *last = stop;
            while (value < last && (*value == ' ' || *value == '\t')) value++;
            while (last > value && (last[-1] == '\r' || last[-1] == ' ' || last[-1] == '\t')) last--;
            *length = (size_t)(last - value);
            return value;
        }
        line = stop;
    }
    return NULL;
}

/* The Content-Length of a message; 0 when it has none. */
static size_t content_length(const struct message *message) {
    size_t length = 0;
    const char *text = field(message, "Content-Length", &length);
    if (text == NULL) {
        if (field(message, "Transfer-Encoding", &length) != NULL) die("the Runtime API sent a chunked body");
        return 0;
    }
    size_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || value > maximum_body_bytes) die("bad Content-Length: %.*s", (int)length, text);
        value = value * 10 + (size_t)(text[i] - '0');
    }
    if (length == 0 || value > maximum_body_bytes) die("bad Content-Length: %.*s", (int)length, text);
    return value;
}

/* Waits for the next whole message. What was read beyond the last one is kept: it belongs to this one. */
static struct message receive(struct connection *connection) {
    connection->count -= connection->consumed;
    memmove(connection->bytes, connection->bytes + connection->consumed, connection->count);
    connection->consumed = 0;

    size_t searched = 0;
    char *blank_line = NULL;
    for (;;) {
        blank_line = memmem(connection->bytes + searched, connection->count - searched, "\r\n\r\n", 4);
        if (blank_line != NULL) break;
        searched = connection->count < 3 ? 0 : connection->count - 3;
        if (connection->count > maximum_head_bytes) die("the Runtime API sent a head of more than 64 KiB");
        read_more(connection);
    }

    size_t head_length = (size_t)(blank_line - connection->bytes) + 4;
    struct message message = {.head = connection->bytes, .head_length = head_length};
    if (head_length < 16 || memcmp(message.head, "HTTP/1.", 7) != 0 || message.head[8] != ' ')
        die("the Runtime API did not answer in HTTP/1.1");
    message.status = atoi(message.head + 9);
    message.body_length = content_length(&message);
    while (connection->count < head_length + message.body_length) read_more(connection);

    message.head = connection->bytes; /* reading may have moved the buffer */
    message.body = connection->bytes + head_length;
    connection->consumed = head_length + message.body_length;
    size_t length = 0;
    const char *persistence = field(&message, "Connection", &length);
    message.closes = persistence != NULL && length == 5 && strncasecmp(persistence, "close", 5) == 0;
    return message;
}

/* Sends the result of the invocation `id`: head and body leave in one system call. */
static void post_response(struct connection *connection, const char *address, const char *id, char *body, size_t length) {
    char head[512];
    int head_length = snprintf(
        head, sizeof head,
        "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: %s\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
        id, address, length);
    if (head_length < 0 || (size_t)head_length >= sizeof head) die("the invocation id is too long");
    struct iovec parts[2] = {{head, (size_t)head_length}, {body, length}};
    send_all(connection->socket, parts, 2);
}

static void reconnect_if_closing(struct connection *connection, const struct message *message, const char *address) {
    if (!message->closes) return;
    close(connection->socket);
    connection->socket = connect_to(address);
    connection->count = connection->consumed = 0;
}

int main(void) {
    const char *address = getenv("AWS_LAMBDA_RUNTIME_API");
    char *reply = getenv("ECHO_REPLY");
    if (address == NULL) die("AWS_LAMBDA_RUNTIME_API is not set: this is a handler for the Lambda Runtime API");
    signal(SIGPIPE, SIG_IGN);

    struct connection connection = {.socket = connect_to(address), .capacity = 16 * 1024};
    connection.bytes = malloc(connection.capacity);
    if (connection.bytes == NULL) die("out of memory");

    char next[256];
    int next_length =
        snprintf(next, sizeof next, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", address);

    for (;;) {
        struct iovec request = {next, (size_t)next_length};
        send_all(connection.socket, &request, 1);
        struct message event = receive(&connection); /* waits here until there is something to do */
        if (event.status != 200) die("/next answered %d: %.*s", event.status, (int)event.body_length, event.body);

        size_t id_length = 0;
        const char *id_field = field(&event, "Lambda-Runtime-Aws-Request-Id", &id_length);
        if (id_field == NULL || id_length > maximum_id_bytes) die("/next gave no usable request id");
        char id[maximum_id_bytes + 1];
        memcpy(id, id_field, id_length);
        id[id_length] = 0;
        reconnect_if_closing(&connection, &event, address);

        if (reply != NULL) {
            post_response(&connection, address, id, reply, strlen(reply));
        } else {
            post_response(&connection, address, id, event.body, event.body_length);
        }
        struct message accepted = receive(&connection);
        if (accepted.status != 202) fprintf(stderr, "echo: /response answered %d\n", accepted.status);
        reconnect_if_closing(&connection, &accepted, address);
    }
}
