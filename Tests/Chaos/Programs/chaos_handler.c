/* The handler of the chaos test: a client of the Lambda Runtime API that writes down, outside of Glo, what it did.
 * One line to the ledger at the start of a run and one at its end, each by a single appending write:
 *
 *   S|E|F <event number> <invocation id> <attempt> <Unix time in ns> <process id>
 *
 * S began, E ended well, F failed because the event asked for it. The event is `chaos n=NUMBER fail=0|1 ms=TIME`:
 * fail=1 fails the first attempt, ms is how long it works. Without CHAOS_LEDGER it writes nothing. With CHAOS_LEDGER_WAIT it
 * takes no event before somebody has opened its ledger and made it executable by its owner. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int api, ledger = -1;
static char input[1 << 16];
static char id[128], attempt[32];

static void put(const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(api, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) exit(9);
        bytes += sent;
        length -= (size_t)sent;
    }
}

static void connect_api(void) {
    char host[64];
    const char *address = getenv("AWS_LAMBDA_RUNTIME_API");
    const char *colon = address ? strchr(address, ':') : NULL;
    if (colon == NULL) exit(8);
    snprintf(host, sizeof host, "%.*s", (int)(colon - address), address);
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(colon + 1))};
    inet_pton(AF_INET, host, &target.sin_addr);
    api = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;
    setsockopt(api, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(api, (struct sockaddr *)&target, sizeof target) != 0) exit(7);
}

static void copy_field(const char *name, char *to, size_t size, const char *otherwise) {
    char *line = strcasestr(input, name);
    if (line == NULL) {
        snprintf(to, size, "%s", otherwise);
        return;
    }
    char *value = line + strlen(name);
    while (*value == ' ' || *value == ':') value++;
    snprintf(to, size, "%.*s", (int)strcspn(value, "\r\n"), value);
}

/* Reads one response; its body is left at `*body`, ended by a NUL. The status. */
static int receive(char **body) {
    size_t count = 0;
    char *end = NULL;
    while (end == NULL) {
        ssize_t got = recv(api, input + count, sizeof input - 1 - count, 0);
        if (got <= 0) exit(6);
        count += (size_t)got;
        input[count] = 0;
        end = strstr(input, "\r\n\r\n");
    }
    char length_text[32];
    *end = 0;
    copy_field("content-length", length_text, sizeof length_text, "0");
    copy_field("lambda-runtime-aws-request-id", id, sizeof id, "-");
    copy_field("glo-attempt", attempt, sizeof attempt, "0");
    *body = end + 4;
    size_t length = strtoul(length_text, NULL, 10);
    if (length > sizeof input - 1 - (size_t)(*body - input)) exit(5);
    while ((size_t)(input + count - *body) < length) {
        ssize_t got = recv(api, input + count, sizeof input - 1 - count, 0);
        if (got <= 0) exit(6);
        count += (size_t)got;
    }
    (*body)[length] = 0;
    return atoi(input + 9);
}

static void post(const char *action, const char *body) {
    char request[1024];
    int length = snprintf(
        request, sizeof request,
        "POST /2018-06-01/runtime/invocation/%s/%s HTTP/1.1\r\nHost: api\r\nContent-Length: %zu\r\n\r\n%s", id, action,
        strlen(body), body);
    put(request, (size_t)length);
    char *answer;
    receive(&answer);
}

static void record(char what, long number, const char *run, const char *try) {
    if (ledger < 0) return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char line[512];
    int length = snprintf(
        line, sizeof line, "%c %ld %s %s %lld %d\n", what, number, run, try,
        (long long)now.tv_sec * 1000000000 + now.tv_nsec, (int)getpid());
    if (write(ledger, line, (size_t)length) != length) exit(4);
}

static long number_after(const char *text, const char *name) {
    const char *found = text ? strstr(text, name) : NULL;
    return found ? atol(found + strlen(name)) : -1;
}

/* Until the ledger is held by who reads it in the end; 10 s at most. */
static int ledger_is_held(void) {
    struct stat status;
    for (int tries = 0; tries < 10000; tries++) {
        if (fstat(ledger, &status) != 0) return 0;
        if (status.st_mode & S_IXUSR) return 1;
        usleep(1000);
    }
    return 0;
}

int main(void) {
    const char *path = getenv("CHAOS_LEDGER");
    if (path != NULL) {
        ledger = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
        if (ledger < 0) return 3;
        if (getenv("CHAOS_LEDGER_WAIT") != NULL && !ledger_is_held()) return 10;
    }
    connect_api();
    for (;;) {
        const char *next = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: api\r\n\r\n";
        put(next, strlen(next));
        char *event;
        if (receive(&event) != 200) return 2;
        const char *order = strstr(event, "chaos n=");
        long number = number_after(order, "n=");
        long milliseconds = number_after(order, "ms=");
        int fails = number_after(order, "fail=") == 1 && atoi(attempt) <= 1;
        char run[sizeof id], try[sizeof attempt];
        strcpy(run, id);
        strcpy(try, attempt);
        record('S', number, run, try);
        if (milliseconds > 0) usleep((useconds_t)milliseconds * 1000);
        record(fails ? 'F' : 'E', number, run, try);
        if (fails) {
            post("error", "{\"errorType\":\"Asked\",\"errorMessage\":\"the event asked for it\"}");
        } else {
            char answer[128];
            snprintf(answer, sizeof answer, "{\"statusCode\":200,\"body\":\"%ld\"}", number);
            post("response", answer);
        }
    }
}
