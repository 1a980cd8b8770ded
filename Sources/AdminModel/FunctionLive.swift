/// How one function goes right now.
package struct FunctionLive: Codable, Hashable, Sendable {
    package var name: String
    /// The version that serves; nil when none does.
    package var version: Int?
    package var rates: LiveRates
    /// Invocations that run.
    package var running: Int
    /// Invocations that wait for a worker.
    package var waiting: Int
    package var workers: WorkerStates
    package var queue: QueueDepth
    /// Since the controller started.
    package var invocations: Int
    package var failures: Int
    package var coldStarts: Int

    package init(
        name: String, version: Int?, rates: LiveRates, running: Int = 0, waiting: Int = 0,
        workers: WorkerStates = WorkerStates(), queue: QueueDepth = QueueDepth(), invocations: Int = 0,
        failures: Int = 0, coldStarts: Int = 0
    ) {
        self.name = name
        self.version = version
        self.rates = rates
        self.running = running
        self.waiting = waiting
        self.workers = workers
        self.queue = queue
        self.invocations = invocations
        self.failures = failures
        self.coldStarts = coldStarts
    }
}
