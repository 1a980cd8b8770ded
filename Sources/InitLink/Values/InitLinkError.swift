/// Why the link to an init could not be made, or ended.
package struct InitLinkError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The system refused a descriptor, a thread or a socket.
        case system = "init_link_system"
        /// Init sent something that the protocol does not allow. What runs next to it may have taken it over.
        case protocolViolation = "init_link_protocol"
        /// Init speaks another version of the protocol: an old file is mounted into the container.
        case versionMismatch = "init_link_version"
        /// Init does not take what is sent to it.
        case overflow = "init_link_overflow"
        /// Init went away: it was killed, or its container.
        case peerGone = "init_link_peer_gone"
        /// The hub has been shut down.
        case shutDown = "init_link_shut_down"
    }

    package let code: Code
    /// What happened, in a sentence.
    package let message: String
    /// What to do about it.
    package let advice: String
    /// The `errno` behind it, 0 when there is none.
    package let systemError: Int32

    package init(_ code: Code, _ message: String, advice: String? = nil, systemError: Int32 = 0) {
        self.code = code
        self.message = message
        self.advice = advice ?? Self.standardAdvice(code)
        self.systemError = systemError
    }

    package var description: String {
        systemError == 0 ? "\(message); \(advice)" : "\(message) (errno \(systemError)); \(advice)"
    }

    static func violation(_ message: String) -> Self { Self(.protocolViolation, "init \(message)") }

    private static func standardAdvice(_ code: Code) -> String {
        switch code {
        case .system: "check the limits of open files and processes of the controller"
        case .protocolViolation: "the container is not to be trusted any more: remove it"
        case .versionMismatch: "restart the controller, so that new containers get the init that belongs to it"
        case .overflow: "the container is stuck: remove it"
        case .peerGone: "see how the container ended"
        case .shutDown: "nothing: the controller is stopping"
        }
    }
}
