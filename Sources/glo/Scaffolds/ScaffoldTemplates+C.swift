extension ScaffoldTemplates {
    /// A Runtime API client on POSIX sockets.
    static let c: [ScaffoldFile] = [
        compiledManifest(compiler: "a C compiler"),
        makefile(source: "main.c", command: "$(CC) -O2 -Wall -static -o bootstrap.part main.c"),
        ScaffoldFile(
            name: "main.c",
            contents: #"""
                // A function in C. Build it with: make
                #define _GNU_SOURCE
                #include <arpa/inet.h>
                #include <netinet/tcp.h>
                #include <stdio.h>
                #include <stdlib.h>
                #include <string.h>
                #include <sys/socket.h>
                #include <unistd.h>

                // Turns one event into one response. What goes to stderr is in the function's log.
                static void handle(const char *event, size_t length, FILE *response) {
                    (void)event;
                    fprintf(stderr, "an event of %zu bytes\n", length);
                    fprintf(response, "{\"statusCode\":200,\"headers\":{\"content-type\":\"text/plain\"},\"body\":\"Hello from C!\\n\"}");
                }

                // ---- The rest asks Lambda's Runtime API for events and gives it the responses. ----

                // Reads one HTTP response: its body, which the caller frees, its length, and the invocation's id if it has one.
                static char *read_response(FILE *in, char *id, size_t id_size, size_t *length) {
                    char line[8192];
                    *length = 0;
                    if (!fgets(line, sizeof line, in)) return NULL;
                    while (fgets(line, sizeof line, in) && strcmp(line, "\r\n") != 0) {
                        char *value = strchr(line, ':');
                        if (!value) continue;
                        *value++ = 0;
                        value += strspn(value, " \t");
                        value[strcspn(value, "\r\n")] = 0;
                        if (!strcasecmp(line, "content-length")) *length = strtoul(value, NULL, 10);
                        if (!strcasecmp(line, "lambda-runtime-aws-request-id")) snprintf(id, id_size, "%s", value);
                    }
                    char *body = calloc(1, *length + 1);
                    if (!body || fread(body, 1, *length, in) != *length) return NULL;
                    return body;
                }

                static int connect_to(const char *api) {
                    char host[64];
                    int port, yes = 1;
                    if (!api || sscanf(api, "%63[^:]:%d", host, &port) != 2) return -1;
                    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
                    inet_pton(AF_INET, host, &address.sin_addr);
                    int fd = socket(AF_INET, SOCK_STREAM, 0);
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                    return connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ? fd : -1;
                }

                int main(void) {
                    const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
                    int fd = connect_to(api);
                    if (fd < 0) {
                        fprintf(stderr, "cannot reach the Runtime API\n");
                        return 1;
                    }
                    FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
                    for (;;) {
                        char id[128] = "", *response = NULL;
                        size_t length, size;
                        fprintf(out, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", api);
                        fflush(out);
                        char *event = read_response(in, id, sizeof id, &length);
                        if (!event) return 1;
                        FILE *stream = open_memstream(&response, &size);
                        handle(event, length, stream);
                        fclose(stream);
                        fprintf(out,
                                "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: %s\r\n"
                                "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                                id, api, size);
                        fwrite(response, 1, size, out);
                        fflush(out);
                        free(event);
                        free(response);
                        char *answer = read_response(in, id, sizeof id, &length);
                        if (!answer) return 1;
                        free(answer);
                    }
                }

                """#),
    ]
}
