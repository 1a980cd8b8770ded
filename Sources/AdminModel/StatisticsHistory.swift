/// The last hour of a function, or of all, in steps.
package struct StatisticsHistory: Codable, Hashable, Sendable {
    package struct Point: Codable, Hashable, Sendable {
        /// When the step began, Unix time in milliseconds.
        package var atMilliseconds: Int64
        /// Invocations that ended in it.
        package var invocations: Int
        package var failures: Int
        /// Nil when none ended.
        package var p50Milliseconds: Double?
        package var p99Milliseconds: Double?

        package init(
            atMilliseconds: Int64, invocations: Int, failures: Int, p50Milliseconds: Double?, p99Milliseconds: Double?
        ) {
            self.atMilliseconds = atMilliseconds
            self.invocations = invocations
            self.failures = failures
            self.p50Milliseconds = p50Milliseconds
            self.p99Milliseconds = p99Milliseconds
        }
    }

    /// Nil is all functions.
    package var function: String?
    package var stepSeconds: Int
    /// Oldest first; the last one is still going on. Begins with the first invocation.
    package var points: [Point]

    package init(function: String?, stepSeconds: Int, points: [Point]) {
        self.function = function
        self.stepSeconds = stepSeconds
        self.points = points
    }
}
