/// What one version did since the controller started.
package struct VersionCounters: Codable, Hashable, Sendable {
    /// Those that it was given, and those that failed before one of its workers had them.
    package var invocations: Int
    package var failures: Int
    /// Invocations for which a worker had to be started.
    package var coldStarts: Int

    package init(invocations: Int = 0, failures: Int = 0, coldStarts: Int = 0) {
        self.invocations = invocations
        self.failures = failures
        self.coldStarts = coldStarts
    }
}
