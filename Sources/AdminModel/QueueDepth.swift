/// How much waits in a queue. All zero when Redis does not answer.
package struct QueueDepth: Codable, Hashable, Sendable {
    package var ready: Int
    package var delayed: Int
    package var running: Int
    /// Dead letters.
    package var dead: Int
    /// How long the first of the ready ones has waited; nil when none does.
    package var oldestMilliseconds: Int64?

    package init(ready: Int = 0, delayed: Int = 0, running: Int = 0, dead: Int = 0, oldestMilliseconds: Int64? = nil) {
        self.ready = ready
        self.delayed = delayed
        self.running = running
        self.dead = dead
        self.oldestMilliseconds = oldestMilliseconds
    }
}
