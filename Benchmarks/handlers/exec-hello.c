/* Reads stdin to its end and writes "hello": the program of the benchmarks' `exec` row. What it costs to run is what it
 * costs to start a process. */
#include <unistd.h>

int main(void) {
    char bytes[4096];
    while (read(0, bytes, sizeof bytes) > 0) {
    }
    return write(1, "hello\n", 6) == 6 ? 0 : 1;
}
