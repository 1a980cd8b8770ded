/// The events of one function: how many wait and run now, and what became of all since they are counted.
package struct QueueInfo: Codable, Hashable, Sendable {
    /// The function's name, or one of Glo's own queues, see ``isOwn(_:)``.
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

    /// Whether the text names a queue that is no function's: ``deliveries``, or `@queue/NAME` of one that is fetched from.
    package static func isOwn(_ text: String) -> Bool {
        guard text != deliveries else { return true }
        let name = text.dropFirst("@queue/".count)
        return text.hasPrefix("@queue/") && (1...80).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "_-.".utf8.contains(byte)
            }
    }

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
