/// What a function did since the controller started.
package struct FunctionCounters: Codable, Hashable, Sendable {
    package var invocations: Int
    package var failures: Int
    /// Invocations for which a worker had to be started.
    package var coldStarts: Int
    package var running: Int
    package var queued: Int
    package var workersBusy: Int
    package var workersIdle: Int
    package var workersStarting: Int

    package init(
        invocations: Int = 0, failures: Int = 0, coldStarts: Int = 0, running: Int = 0, queued: Int = 0,
        workersBusy: Int = 0, workersIdle: Int = 0, workersStarting: Int = 0
    ) {
        self.invocations = invocations
        self.failures = failures
        self.coldStarts = coldStarts
        self.running = running
        self.queued = queued
        self.workersBusy = workersBusy
        self.workersIdle = workersIdle
        self.workersStarting = workersStarting
    }
}
