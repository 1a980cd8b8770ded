/// One finished invocation, as `glo describe` and `glo records` list it.
package struct InvocationSummary: Codable, Hashable, Sendable {
    package var id: String
    /// Empty where the function is known anyway.
    package var function: String
    package var version: Int
    /// When it ended, Unix time in milliseconds.
    package var endedAtMilliseconds: Int64
    /// How long it waited for a worker.
    package var queueMilliseconds: Double
    /// How long the handler ran.
    package var durationMilliseconds: Double
    package var cold: Bool
    package var attempt: Int
    /// Highest memory of the worker in bytes, when it is known.
    package var peakMemoryBytes: Int?
    /// `ok`, or the stable code of the failure.
    package var outcome: String
    /// The worker that ran it; nil when none did.
    package var worker: String?

    package init(
        id: String, function: String = "", version: Int, endedAtMilliseconds: Int64, queueMilliseconds: Double = 0,
        durationMilliseconds: Double, cold: Bool, attempt: Int, peakMemoryBytes: Int?, outcome: String,
        worker: String? = nil
    ) {
        self.id = id
        self.function = function
        self.version = version
        self.endedAtMilliseconds = endedAtMilliseconds
        self.queueMilliseconds = queueMilliseconds
        self.durationMilliseconds = durationMilliseconds
        self.cold = cold
        self.attempt = attempt
        self.peakMemoryBytes = peakMemoryBytes
        self.outcome = outcome
        self.worker = worker
    }
}
