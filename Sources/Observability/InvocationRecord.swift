package import FunctionModel

/// The start or the end of an invocation, as the data plane notes it down: no strings are made on its event loop.
package struct InvocationRecord: Sendable {
    package enum Event: Sendable {
        /// A worker has it; it waited this long since it arrived.
        case started(queueNanoseconds: Int64)
        /// It has ended, this long after it was given to the worker, for which it had waited before.
        case ended(
            queueNanoseconds: Int64, durationNanoseconds: Int64, peakMemoryBytes: Int?, outcome: InvocationOutcome)
    }

    package var id: InvocationID
    package var function: FunctionName
    package var version: Int
    package var worker: String
    /// 1 for the first try.
    package var attempt: Int
    /// Whether a worker had to be started for it.
    package var isCold: Bool
    package var event: Event
    /// Of an end that nobody else tells of: what went wrong.
    package var reason: String?
    /// Unix time in milliseconds.
    package var atMilliseconds: Int64

    package init(
        id: InvocationID, function: FunctionName, version: Int, worker: String, attempt: Int = 1, isCold: Bool = false,
        event: Event, reason: String? = nil, atMilliseconds: Int64
    ) {
        self.id = id
        self.function = function
        self.version = version
        self.worker = worker
        self.attempt = attempt
        self.isCold = isCold
        self.event = event
        self.reason = reason
        self.atMilliseconds = atMilliseconds
    }

    /// The memory of its worker became known a moment after its end.
    package mutating func setPeakMemory(bytes: Int?) {
        guard case .ended(let queued, let duration, nil, let outcome) = event else { return }
        event = .ended(
            queueNanoseconds: queued, durationNanoseconds: duration, peakMemoryBytes: bytes, outcome: outcome)
    }

    /// Whether the record tells of something unusual, and so is kept when ordinary ones are left out.
    var isEssential: Bool {
        switch event {
        case .started: isCold
        case .ended(_, _, _, let outcome): isCold || outcome != .succeeded
        }
    }
}
