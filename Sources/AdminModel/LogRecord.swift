/// One record of a function's log: a line that its handler wrote, the start or end of an invocation, or a gap.
package struct LogRecord: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
        case line
        case start
        case end
        /// Records were left out here; `dropped` says how many.
        case dropped
    }

    package enum Stream: String, Codable, Hashable, Sendable {
        case stdout
        case stderr
    }

    package var kind: Kind
    /// Unix time in milliseconds.
    package var atMilliseconds: Int64
    /// Empty for a gap in a stream of several functions.
    package var function: String
    package var version: Int?
    package var worker: String?
    package var invocation: String?
    /// Of a line: where the handler wrote it.
    package var stream: Stream?
    /// Of a line: its text, without the newline. Of a gap: why. Of an end: what went wrong, where the handler did not tell.
    package var message: String?
    /// Of a start or an end: 1 for the first try.
    package var attempt: Int?
    /// Of a start or an end: whether a worker had to be started.
    package var cold: Bool?
    /// Of a start: the time between arrival and a worker.
    package var queueMilliseconds: Double?
    /// Of an end.
    package var durationMilliseconds: Double?
    /// Of an end: the highest memory of the worker, when it is known.
    package var peakMemoryBytes: Int?
    /// Of an end: `ok`, or the stable code of the failure.
    package var outcome: String?
    /// Of a gap: how many records are missing.
    package var dropped: Int?

    package init(kind: Kind, atMilliseconds: Int64, function: String) {
        self.kind = kind
        self.atMilliseconds = atMilliseconds
        self.function = function
    }
}
