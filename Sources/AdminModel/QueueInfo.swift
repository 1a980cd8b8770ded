/// The events of one function: how many wait and run now, and what became of all since they are counted.
package struct QueueInfo: Codable, Hashable, Sendable {
    /// The function's name, or ``deliveries``.
    package var function: String
    /// Events that wait for a worker.
    package var ready: Int
    /// Events that wait for their time.
    package var delayed: Int
    package var running: Int
    /// Dead letters.
    package var dead: Int
    /// How long the first of the ready ones has waited; nil when none does.
    package var oldestMilliseconds: Int64?
    package var accepted: Int
    package var succeeded: Int
    /// Tries that failed.
    package var failed: Int
    /// Tries whose worker or controller was lost.
    package var crashed: Int
    package var cancelled: Int
    /// Events that ended per second, over the last minute.
    package var ratePerSecond: Double
    /// The topics that the function is subscribed to.
    package var topics: [String]

    /// The queue of what goes out after an event's end; no function has this name.
    package static let deliveries = "@deliver"

    package init(
        function: String, ready: Int = 0, delayed: Int = 0, running: Int = 0, dead: Int = 0,
        oldestMilliseconds: Int64? = nil, accepted: Int = 0, succeeded: Int = 0, failed: Int = 0, crashed: Int = 0,
        cancelled: Int = 0, ratePerSecond: Double = 0, topics: [String] = []
    ) {
        self.function = function
        self.ready = ready
        self.delayed = delayed
        self.running = running
        self.dead = dead
        self.oldestMilliseconds = oldestMilliseconds
        self.accepted = accepted
        self.succeeded = succeeded
        self.failed = failed
        self.crashed = crashed
        self.cancelled = cancelled
        self.ratePerSecond = ratePerSecond
        self.topics = topics
    }
}
