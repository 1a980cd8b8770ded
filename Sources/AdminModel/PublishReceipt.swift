/// What became of an event that was published: it is stored, and will run once for each function.
package struct PublishReceipt: Codable, Hashable, Sendable {
    /// The id that its invocations have in common.
    package var event: String
    /// One for each function; empty when the event was accepted before.
    package var invocations: [InvocationReference]
    /// Whether the idempotency key was used before, so that nothing new was accepted.
    package var isRepeated: Bool

    package init(event: String, invocations: [InvocationReference], isRepeated: Bool = false) {
        self.event = event
        self.invocations = invocations
        self.isRepeated = isRepeated
    }

    enum CodingKeys: String, CodingKey {
        case event, invocations
        case isRepeated = "repeated"
    }
}
