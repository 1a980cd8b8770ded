package import FunctionModel
package import HTTPCodec

/// Something about a worker that is worth a log line and changes nothing else.
package enum WorkerEvent: Sendable {
    /// An answer came after the invocation had been cancelled; it was dropped.
    case lateAnswer(InvocationID)
    /// An answer names a delivery that is not the present one of this invocation; it was dropped.
    case foreignAnswer(InvocationID)
    /// An answer was refused: its id is not running here (nil: it is no id), or it has been answered already.
    case refusedAnswer(InvocationID?)
    /// A request of the handler broke HTTP's rules; its connection was closed.
    case malformedRequest(HTTPParseError)
    /// The first word of the User-Agent of a Lambda client, once a worker.
    case runtimeIdentified(String)
    /// A Lambda extension registered itself under this name.
    case extensionRegistered(String)
    /// The handler wrote this while nothing was running; the beginning of it.
    case unexpectedOutput(String)
    /// A run of an `exec` handler is over: its peak memory in bytes and its processor time in microseconds.
    case runEnded(
        InvocationID, peakMemoryBytes: UInt64, userMicroseconds: UInt64, systemMicroseconds: UInt64)
    /// A connection of the handler failed with this error.
    case connectionFailed(String)
}
