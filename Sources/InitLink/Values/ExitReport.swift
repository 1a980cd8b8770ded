/// How a worker, or one run of an exec worker, ended and what it used.
package struct ExitReport: Hashable, Sendable {
    package enum End: Hashable, Sendable {
        case exited(code: Int32)
        case signalled(Int32)
    }

    package var end: End
    /// It was told to end before it did: by STOP or CANCEL.
    package var cancelled: Bool
    /// Init had to send SIGKILL.
    package var killed: Bool
    /// The kernel's out-of-memory killer took a process of the container.
    package var outOfMemory: Bool
    /// The largest resident memory of one process, in bytes.
    package var peakMemoryBytes: UInt64
    package var userMicroseconds: UInt64
    package var systemMicroseconds: UInt64

    package init(
        end: End, cancelled: Bool = false, killed: Bool = false, outOfMemory: Bool = false,
        peakMemoryBytes: UInt64 = 0, userMicroseconds: UInt64 = 0, systemMicroseconds: UInt64 = 0
    ) {
        self.end = end
        self.cancelled = cancelled
        self.killed = killed
        self.outOfMemory = outOfMemory
        self.peakMemoryBytes = peakMemoryBytes
        self.userMicroseconds = userMicroseconds
        self.systemMicroseconds = systemMicroseconds
    }
}
