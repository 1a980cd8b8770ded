/// What the controller knows of the Redis that holds its events.
package struct RedisStatus: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case ready
        case starting
        /// It does not answer: new events are refused, accepted ones wait.
        case down
        /// The controller runs without events.
        case off
    }

    package var state: State
    /// Where it is, or what is wrong with it, in a sentence.
    package var detail: String?
    package var usedMemoryBytes: Int?
    /// Nil when Redis has no limit.
    package var maxMemoryBytes: Int?

    package init(
        state: State, detail: String? = nil, usedMemoryBytes: Int? = nil, maxMemoryBytes: Int? = nil
    ) {
        self.state = state
        self.detail = detail
        self.usedMemoryBytes = usedMemoryBytes
        self.maxMemoryBytes = maxMemoryBytes
    }

    /// Whether it has no room for a new event.
    package var isFull: Bool {
        guard let usedMemoryBytes, let maxMemoryBytes else { return false }
        return usedMemoryBytes >= maxMemoryBytes
    }
}
