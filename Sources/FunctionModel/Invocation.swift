/// One run of a function for one event, on its way to a worker.
package struct Invocation: Sendable {
    package let id: InvocationID
    package let function: FunctionName
    package let input: InvocationInput
    /// What the version that runs it wants; a deployment while it waits may change it.
    package var payload: PayloadMode
    package let receivedAt: MonotonicTime
    /// When the function's timeout has passed. Waiting for a worker counts.
    package let deadline: MonotonicTime
    /// The same moment as Unix time in milliseconds, for the handler.
    package let deadlineUnixMilliseconds: Int64
    /// 1 for the first try.
    package let attempt: Int
    /// W3C `traceparent`, as it came in or was made by the gateway.
    package let traceParent: String?

    package init(
        id: InvocationID, function: FunctionName, input: InvocationInput, payload: PayloadMode = .event,
        receivedAt: MonotonicTime, deadline: MonotonicTime, deadlineUnixMilliseconds: Int64, attempt: Int = 1,
        traceParent: String? = nil
    ) {
        self.id = id
        self.function = function
        self.input = input
        self.payload = payload
        self.receivedAt = receivedAt
        self.deadline = deadline
        self.deadlineUnixMilliseconds = deadlineUnixMilliseconds
        self.attempt = attempt
        self.traceParent = traceParent
    }
}
