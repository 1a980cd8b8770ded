/// What is known of the Redis that keeps the events.
package struct RedisFacts: Hashable, Sendable {
    package enum Keeper: Hashable, Sendable {
        /// The controller runs without events.
        case off
        /// The controller's own; the text of the configuration that it wrote, nil when it never ran.
        case own(configuration: String?)
        /// Somebody else's, at this place (no password in it).
        case outside(place: String, refusals: [String], warnings: [String])
        /// Somebody else's, which the running controller uses and which cannot be asked from here.
        case reported(place: String)
    }

    package var keeper: Keeper
    /// What the controller says is wrong now; nil when all is well or no controller runs.
    package var trouble: String?

    /// What was lost of the events, in sentences, as long as the damaged files are kept.
    package var losses: [String]

    package init(_ keeper: Keeper, trouble: String? = nil, losses: [String] = []) {
        self.losses = losses
        self.keeper = keeper
        self.trouble = trouble
    }
}
