package import FunctionModel

/// What the data plane notes down of an invocation whose trace is recorded: numbers, out of which spans are made later.
package struct InvocationTrace: Sendable {
    package enum Kind: Sendable {
        /// Somebody waited for the answer.
        case call
        /// A stored event ran; its handler was given the context that its acceptance made.
        case event
        /// An event was accepted: nothing has run yet.
        case acceptance
    }

    package var kind: Kind
    /// The trace, and the span that the handler was given as its parent.
    package var context: TraceContext
    /// The caller's span; nil when the trace begins here.
    package var parent: UInt64?
    package var id: InvocationID
    package var function: FunctionName
    /// 0 when no worker had it.
    package var version: Int
    package var attempt: Int
    package var isCold: Bool
    /// Unix time in nanoseconds.
    package var endedAt: Int64
    /// From arrival to the end.
    package var latencyNanoseconds: Int64
    /// The part of it before a worker had it.
    package var queueNanoseconds: Int64
    package var outcome: InvocationOutcome

    package init(
        kind: Kind, context: TraceContext, parent: UInt64?, id: InvocationID, function: FunctionName, version: Int,
        attempt: Int = 1, isCold: Bool = false, endedAt: Int64, latencyNanoseconds: Int64, queueNanoseconds: Int64,
        outcome: InvocationOutcome
    ) {
        self.kind = kind
        self.context = context
        self.parent = parent
        self.id = id
        self.function = function
        self.version = version
        self.attempt = attempt
        self.isCold = isCold
        self.endedAt = endedAt
        self.latencyNanoseconds = latencyNanoseconds
        self.queueNanoseconds = queueNanoseconds
        self.outcome = outcome
    }
}
