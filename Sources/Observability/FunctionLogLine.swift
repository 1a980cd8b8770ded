package import AdminModel
package import FunctionModel

/// One line that a handler wrote.
package struct FunctionLogLine: Sendable {
    package var function: FunctionName
    package var version: Int
    package var worker: String
    package var stream: LogRecord.Stream
    /// The invocation that ran, where one can be told.
    package var invocation: InvocationID?
    /// The line without its newline, as the handler wrote it.
    package var bytes: [UInt8]
    /// Unix time in milliseconds.
    package var atMilliseconds: Int64

    package init(
        function: FunctionName, version: Int, worker: String, stream: LogRecord.Stream,
        invocation: InvocationID? = nil, bytes: [UInt8], atMilliseconds: Int64
    ) {
        self.function = function
        self.version = version
        self.worker = worker
        self.stream = stream
        self.invocation = invocation
        self.bytes = bytes
        self.atMilliseconds = atMilliseconds
    }
}
