/* A client of the Lambda Runtime API that speaks as Go's and Node's do: every POST has a chunked body and declared
 * trailers. What it does with an event is what the event's body says; see `main`. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static int api;
static char input[1 << 20];
static size_t input_length;
static char id[128], deadline[64], arn[256];

static void put(const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(api, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) exit(9);
        bytes += sent;
        length -= (size_t)sent;
    }
}

static void put_text(const char *text) { put(text, strlen(text)); }

static void put_chunk(const char *bytes, size_t length) {
    char size[32];
    put(size, (size_t)snprintf(size, sizeof size, "%zx\r\n", length));
    put(bytes, length);
    put_text("\r\n");
}

static void connect_api(void) {
    char host[64];
    const char *address = getenv("AWS_LAMBDA_RUNTIME_API");
    const char *colon = address ? strchr(address, ':') : NULL;
    if (colon == NULL) exit(8);
    snprintf(host, sizeof host, "%.*s", (int)(colon - address), address);
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(colon + 1))};
    inet_pton(AF_INET, host, &target.sin_addr);
    api = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(api, (struct sockaddr *)&target, sizeof target) != 0) {
        perror("connect");
        exit(7);
    }
}

static void copy_field(const char *name, char *to, size_t size) {
    to[0] = 0;
    char *line = strcasestr(input, name);
    if (line == NULL) return;
    char *value = line + strlen(name);
    while (*value == ' ' || *value == ':') value++;
    snprintf(to, size, "%.*s", (int)strcspn(value, "\r\n"), value);
}

/* Reads one response; its body is left at `*body`, ended by a NUL. The status. */
static int receive(char **body) {
    input_length = 0;
    char *end = NULL;
    while (end == NULL) {
        ssize_t got = recv(api, input + input_length, sizeof input - 1 - input_length, 0);
        if (got <= 0) exit(6);
        input_length += (size_t)got;
        input[input_length] = 0;
        end = strstr(input, "\r\n\r\n");
    }
    char length_text[32];
    *end = 0;
    copy_field("content-length", length_text, sizeof length_text);
    copy_field("lambda-runtime-aws-request-id", id, sizeof id);
    copy_field("lambda-runtime-deadline-ms", deadline, sizeof deadline);
    copy_field("lambda-runtime-invoked-function-arn", arn, sizeof arn);
    *body = end + 4;
    size_t length = strtoul(length_text, NULL, 10);
    while ((size_t)(input + input_length - *body) < length) {
        ssize_t got = recv(api, input + input_length, sizeof input - 1 - input_length, 0);
        if (got <= 0) exit(6);
        input_length += (size_t)got;
    }
    (*body)[length] = 0;
    return atoi(input + 9);
}

static void begin_post(const char *path, const char *fields) {
    char head[1024];
    snprintf(
        head, sizeof head,
        "POST /2018-06-01/runtime/%s HTTP/1.1\r\nHost: api\r\nUser-Agent: aws-lambda-go/test\r\n"
        "Transfer-Encoding: chunked\r\n%s"
        "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n",
        path, fields);
    put_text(head);
}

/* Ends the body; the trailers are sent only when there is an error to tell, as Go does it. */
static void end_post(const char *trailers) {
    put_text("0\r\n");
    put_text(trailers);
    put_text("\r\n");
    char *body;
    int status = receive(&body);
    if (status != 202) fprintf(stderr, "the API answered %d: %s\n", status, body);
}

static void post(const char *action, const char *fields, const char *body) {
    char path[256];
    snprintf(path, sizeof path, "invocation/%s/%s", id, action);
    begin_post(path, fields);
    size_t half = strlen(body) / 2;
    if (half > 0) put_chunk(body, half);
    if (body[half] != 0) put_chunk(body + half, strlen(body) - half);
    end_post("");
}

static const char *const streaming =
    "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
    "Content-Type: application/vnd.awslambda.http-integration-response\r\n";

static void stream(int count, const char *trailers, int breaks_off) {
    char path[256], line[64];
    snprintf(path, sizeof path, "invocation/%s/response", id);
    begin_post(path, streaming);
    const char *prelude = "{\"statusCode\":201,\"headers\":{\"content-type\":\"text/plain\",\"x-made\":\"by-stream\"},"
                          "\"cookies\":[\"a=1\",\"b=2\"]}";
    put_chunk(prelude, strlen(prelude));
    put_chunk("\0\0\0\0\0\0\0\0", 8);
    for (int i = 0; i < count; i++) put_chunk(line, (size_t)snprintf(line, sizeof line, "piece %d\n", i));
    if (breaks_off) exit(5);
    end_post(trailers);
}

static void eat(void) {
    for (;;) {
        char *block = malloc(1 << 20);
        if (block == NULL) exit(4);
        memset(block, 1, 1 << 20);
    }
}

int main(void) {
    connect_api();
    const char *mode = getenv("MODE");
    if (mode != NULL && strcmp(mode, "init-error") == 0) {
        fprintf(stderr, "cannot initialize\n");
        begin_post("init/error", "Lambda-Runtime-Function-Error-Type: Runtime.NoSuchHandler\r\n");
        const char *body = "{\"errorType\":\"Runtime.NoSuchHandler\",\"errorMessage\":\"there is no handler\"}";
        put_chunk(body, strlen(body));
        end_post("");
        return 1;
    }
    for (;;) {
        put_text("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: api\r\nAccept-Encoding: gzip\r\n\r\n");
        char *event;
        if (receive(&event) != 200) return 3;
        const char *marker = "\"body\":\"";
        char *body = strstr(event, marker);
        char command[512], answer[2048];
        if (body != NULL) {
            body += strlen(marker);
            snprintf(command, sizeof command, "%.*s", (int)strcspn(body, "\""), body);
        } else {
            snprintf(command, sizeof command, "%.500s", event);
        }
        fprintf(stderr, "command %s\n", command);
        if (strncmp(command, "stream ", 7) == 0) {
            stream(atoi(command + 7), "", 0);
        } else if (strcmp(command, "fail midway") == 0) {
            /* The trailer's body is {"errorType":"Broken"} in base64. */
            stream(
                2,
                "Lambda-Runtime-Function-Error-Type: Function.Broken\r\n"
                "Lambda-Runtime-Function-Error-Body: eyJlcnJvclR5cGUiOiJCcm9rZW4ifQ==\r\n",
                0);
        } else if (strcmp(command, "break off") == 0) {
            stream(2, "", 1);
        } else if (strcmp(command, "error") == 0) {
            post("error", "", "{\"errorType\":\"TestError\",\"errorMessage\":\"as asked\",\"stackTrace\":[]}");
        } else if (strncmp(command, "exit ", 5) == 0) {
            fprintf(stderr, "leaving\n");
            exit(atoi(command + 5));
        } else if (strcmp(command, "kill") == 0) {
            kill(getpid(), SIGKILL);
        } else if (strcmp(command, "spin") == 0) {
            signal(SIGTERM, SIG_IGN);
            for (;;) {}
        } else if (strcmp(command, "eat") == 0) {
            eat();
        } else if (strcmp(command, "foreign id") == 0) {
            char real[sizeof id];
            strcpy(real, id);
            strcpy(id, "00000000-0000-4000-8000-000000000000");
            post("response", "", "\"stolen\"");
            strcpy(id, real);
            post("response", "", "\"mine\"");
        } else if (strcmp(command, "facts") == 0) {
            snprintf(
                answer, sizeof answer, "{\"id\":\"%s\",\"deadline\":\"%s\",\"arn\":\"%s\",\"name\":\"%s\"}", id, deadline, arn,
                getenv("AWS_LAMBDA_FUNCTION_NAME"));
            post("response", "", answer);
        } else {
            snprintf(answer, sizeof answer, "{\"statusCode\":200,\"body\":\"%s\"}", command);
            post("response", "", answer);
        }
    }
}
