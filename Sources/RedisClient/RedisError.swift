/// Why Redis gave no answer, or why it is not used.
///
/// What the server itself answers to a command, also when it says no, is a ``RedisValue`` and not one of these.
package struct RedisError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The text is not an endpoint that Glo understands.
        case invalidEndpoint
        /// The endpoint wants TLS.
        case tlsUnsupported
        /// There is no connection that is ready; the command was not sent.
        case unavailable
        /// The command was sent and not answered in time. It may have been carried out, or still be.
        case timedOut
        /// The connection went away before the answer came. The command may have been carried out.
        case connectionLost
        /// Too many commands wait for their answers already; this one was not sent.
        case overloaded
        /// What came is not the Redis protocol.
        case protocolViolation
        /// The server, or what it has, is not what is needed: a wrong password, a replica, still loading.
        case refused
        /// An answer of another shape than the command has.
        case unexpectedReply
        /// The connection was closed by its owner.
        case closed
    }

    package let code: Code
    /// What happened, in a sentence. Never has a password in it.
    package let message: String
    /// What to do about it; empty when there is nothing to say.
    package let hint: String

    package init(_ code: Code, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.isEmpty ? message : "\(message) \(hint)" }
}
