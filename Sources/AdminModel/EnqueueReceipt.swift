/// What became of an event for one function: it is stored, and will run.
package struct EnqueueReceipt: Codable, Hashable, Sendable {
    /// The invocation's id; of a repeated event, that of the first.
    package var id: String
    /// Whether the idempotency key was used before, so that nothing new was accepted.
    package var isRepeated: Bool

    package init(id: String, isRepeated: Bool = false) {
        self.id = id
        self.isRepeated = isRepeated
    }

    enum CodingKeys: String, CodingKey {
        case id
        case isRepeated = "repeated"
    }
}
