/// One finished invocation, as `glo describe` lists it.
package struct InvocationSummary: Codable, Hashable, Sendable {
    package var id: String
    package var version: Int
    /// When it ended, Unix time in milliseconds.
    package var endedAtMilliseconds: Int64
    package var durationMilliseconds: Double
    package var cold: Bool
    package var attempt: Int
    /// Highest memory of the worker in bytes, when it is known.
    package var peakMemoryBytes: Int?
    /// `ok`, or the stable code of the failure.
    package var outcome: String

    package init(
        id: String, version: Int, endedAtMilliseconds: Int64, durationMilliseconds: Double, cold: Bool, attempt: Int,
        peakMemoryBytes: Int?, outcome: String
    ) {
        self.id = id
        self.version = version
        self.endedAtMilliseconds = endedAtMilliseconds
        self.durationMilliseconds = durationMilliseconds
        self.cold = cold
        self.attempt = attempt
        self.peakMemoryBytes = peakMemoryBytes
        self.outcome = outcome
    }
}
