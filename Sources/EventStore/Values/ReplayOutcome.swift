/// What became of the wish to run an event once more.
package enum ReplayOutcome: Hashable, Sendable {
    case accepted(EventQueue)
    /// The new id exists.
    case repeated
    case notFound
    /// Its payload was removed when it ended (`keepPayload`).
    case payloadGone
}
