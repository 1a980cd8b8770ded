/// One run of a function for one event, on its way to a worker.
package struct Invocation: Sendable {
    package let id: InvocationID
    package let function: FunctionName
    package let input: InvocationInput
    /// What the version that runs it wants; a deployment while it waits may change it.
    package var payload: PayloadMode
    package let receivedAt: MonotonicTime
    /// Whether the function's timeout begins when a worker has it, as for events and Lambda's callers, and not with its
    /// arrival. Until then ``deadline`` limits the waiting alone.
    package let limitBeginsWithRun: Bool
    /// When the function's timeout has passed. Waiting for a worker counts unless ``limitBeginsWithRun``.
    package private(set) var deadline: MonotonicTime
    /// The same moment as Unix time in milliseconds, for the handler.
    package private(set) var deadlineUnixMilliseconds: Int64
    /// 1 for the first try.
    package let attempt: Int
    /// W3C `traceparent`, as it came in or was made by the gateway.
    package let traceParent: String?
    /// The span that the caller's `traceparent` named, when the gateway put one of its own in its place.
    package let parentSpan: UInt64?
    /// What is known of the event when it comes out of the event store; nil when somebody waits for the answer.
    package let event: EventContext?
    /// The alias or the published number that the caller named; part of the ARN that the handler is shown.
    package let qualifier: String?
    /// What a caller of the Invoke API says of itself.
    package let caller: CallerContext?
    /// Whether the caller takes the answer in pieces as they come, as those of InvokeWithResponseStream do. It is then
    /// passed on like that, whether or not the handler says that it streams.
    package let wantsStream: Bool

    package init(
        id: InvocationID, function: FunctionName, input: InvocationInput, payload: PayloadMode = .event,
        receivedAt: MonotonicTime, deadline: MonotonicTime, deadlineUnixMilliseconds: Int64,
        limitBeginsWithRun: Bool = false, attempt: Int = 1,
        traceParent: String? = nil, parentSpan: UInt64? = nil, event: EventContext? = nil, qualifier: String? = nil,
        caller: CallerContext? = nil, wantsStream: Bool = false
    ) {
        self.id = id
        self.function = function
        self.input = input
        self.payload = payload
        self.receivedAt = receivedAt
        self.limitBeginsWithRun = limitBeginsWithRun || event != nil
        self.deadline = deadline
        self.deadlineUnixMilliseconds = deadlineUnixMilliseconds
        self.attempt = attempt
        self.traceParent = traceParent
        self.parentSpan = parentSpan
        self.event = event
        self.qualifier = qualifier
        self.caller = caller
        self.wantsStream = wantsStream
    }

    /// Starts the time limit anew, where it begins when a worker has it.
    package mutating func begins(at now: MonotonicTime, unixMilliseconds: Int64, timeoutMilliseconds: Int) {
        deadline = now.advanced(byMilliseconds: timeoutMilliseconds)
        deadlineUnixMilliseconds = unixMilliseconds + Int64(timeoutMilliseconds)
    }
}
