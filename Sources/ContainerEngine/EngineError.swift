/// Why an engine did not do what it was asked.
package struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// Nobody answers, or did not for a while and calls fail at once until somebody does.
        case unavailable
        /// This call was not answered in its time.
        case timedOut
        /// This user may not talk to the engine.
        case notPermitted
        case imageMissing
        /// The container's program does not exist or cannot be executed.
        case commandNotFound
        /// The engine refuses what the container asks for.
        case badConfiguration
        case nameInUse
        case containerNotFound
        /// The container runs although its end was asked about.
        case stillRunning
        /// Outgoing connections cannot be given safely here.
        case egressUnavailable
        /// Nobody waits for the result any more.
        case cancelled
        /// The engine is too old, or is not one.
        case notSupported
        case other
    }

    package let code: Code
    /// What happened, in a sentence.
    package let message: String
    /// What to do about it.
    package let hint: String
    /// What the engine or the system said, word for word.
    package let cause: String?

    package init(_ code: Code, _ message: String, hint: String = "", cause: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.cause = cause
    }

    package var description: String {
        var text = message
        if let cause { text += " (\(cause))" }
        if !hint.isEmpty { text += " \(hint)" }
        return text
    }
}
