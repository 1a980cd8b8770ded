/* The smallest client of the Lambda Runtime API: every answer is ANSWER. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int api;

static void ask(const char *request, char *reply, size_t size) {
    if (write(api, request, strlen(request)) < 0) exit(1);
    size_t length = 0;
    for (;;) {
        ssize_t got = read(api, reply + length, size - 1 - length);
        if (got <= 0) exit(1);
        length += (size_t)got;
        reply[length] = 0;
        char *end = strstr(reply, "\r\n\r\n");
        char *field = strcasestr(reply, "content-length:");
        if (end != NULL && field != NULL && length >= (size_t)(end + 4 - reply) + strtoul(field + 15, NULL, 10)) return;
    }
}

int main(void) {
    static char reply[1 << 16], request[512];
    const char *address = getenv("AWS_LAMBDA_RUNTIME_API");
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    target.sin_port = htons((unsigned short)atoi(strchr(address, ':') + 1));
    api = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(api, (struct sockaddr *)&target, sizeof target) != 0) return 1;
    for (;;) {
        ask("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: api\r\n\r\n", reply, sizeof reply);
        char *id = strcasestr(reply, "lambda-runtime-aws-request-id:") + 30;
        id += strspn(id, " ");
        snprintf(
            request, sizeof request,
            "POST /2018-06-01/runtime/invocation/%.*s/response HTTP/1.1\r\nHost: api\r\nContent-Length: %zu\r\n\r\n%s",
            (int)strcspn(id, "\r\n"), id, strlen("\"" ANSWER "\""), "\"" ANSWER "\"");
        ask(request, reply, sizeof reply);
    }
}
