/// What one worker of a function may use.
package struct Limits: Hashable, Sendable {
    /// Memory of the handler in bytes; swap is not added to it.
    package var memoryBytes: Int = 128 << 20
    /// Share of processors in thousandths: 500 is half a core.
    package var cpuMillis: Int = 1000
    /// The one time limit of an invocation, in milliseconds, that every layer obeys.
    package var timeoutMilliseconds: Int = 30_000
    /// How long a new worker may take until it is ready, in milliseconds (Lambda gives 10 s).
    package var initTimeoutMilliseconds: Int = 10_000
    /// Processes and threads in the container.
    package var processes: Int = 256
    /// Size of `/tmp`, and of `/dev/shm`, in bytes: file systems in memory that count against the container's.
    package var temporaryBytes: Int = 64 << 20
    /// Whether programs and libraries that lie in `/tmp` may run.
    package var runsTemporaryPrograms = false

    package init() {}

    /// What a container has beyond the handler's memory, in bytes: a worker that has reached its limit ends with it what
    /// it runs, and takes no more. It counts against the memory budget like the rest.
    package var reserveBytes: Int { min(64 << 20, max(4 << 20, memoryBytes / 16)) }

    /// Memory of the container in bytes.
    package var containerMemoryBytes: Int { memoryBytes + reserveBytes }

    /// How long Lambda's callers wait for a worker, in milliseconds. Lambda counts neither the start of a worker nor the
    /// handler's initialization against the timeout.
    package var lambdaWaitMilliseconds: Int { max(timeoutMilliseconds, initTimeoutMilliseconds + 5_000) }
}
