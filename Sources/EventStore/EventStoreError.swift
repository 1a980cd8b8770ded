/// Why Redis did not do what was asked.
package struct EventStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable {
        /// No connection, or Redis is starting.
        case unavailable
        case timedOut
        /// Redis has no memory for new events.
        case full
        /// As many events wait as the function allows.
        case queueFull
        /// Nobody is subscribed to it.
        case topicNotFound
        case badArgument
        /// The answer is not one that the library gives.
        case protocolViolation
        case other
    }

    package let code: Code
    /// What happened, in a sentence.
    package let message: String
    /// What to do about it.
    package let hint: String
    /// The connection broke or the time ran out after it was sent: it may have been carried out.
    package let mayHaveHappened: Bool

    package init(code: Code, message: String, hint: String, mayHaveHappened: Bool = false) {
        self.code = code
        self.message = message
        self.hint = hint
        self.mayHaveHappened = mayHaveHappened
    }

    package var description: String { hint.isEmpty ? message : "\(message) \(hint)" }
}
