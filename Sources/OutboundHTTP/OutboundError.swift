/// Why a request has no response.
package struct OutboundError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case invalidURL
        /// A header field, the method or the settings cannot be sent as they are.
        case invalidRequest
        /// Every address of the host is one that requests may not go to.
        case addressRefused
        case resolutionFailed
        /// No connection, or one that broke before the response's end.
        case connectionFailed
        /// The receiver's certificate is not trusted, or TLS could not be agreed on.
        case tls
        case timedOut
        /// The request's body or the response's head is larger than the settings allow.
        case tooLarge
        /// So many requests wait already that this one is not taken.
        case queueFull
        case cancelled
        case shuttingDown
        case other
    }

    package let code: Code
    /// What happened, in a sentence. It names a receiver by scheme, host and port only.
    package let message: String
    /// What to do about it.
    package let hint: String

    package init(code: Code, message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Whether the same request may succeed later. Certificates are renewed, names come back: both are tried again.
    package var isRetryable: Bool {
        switch code {
        case .resolutionFailed, .connectionFailed, .tls, .timedOut, .queueFull, .shuttingDown, .other: true
        case .invalidURL, .invalidRequest, .addressRefused, .tooLarge, .cancelled: false
        }
    }

    package var description: String { hint.isEmpty ? message : "\(message) \(hint)" }

    static func invalidURL(_ message: String, _ hint: String) -> OutboundError {
        OutboundError(code: .invalidURL, message: message, hint: hint)
    }

    static func invalidRequest(_ message: String, _ hint: String) -> OutboundError {
        OutboundError(code: .invalidRequest, message: message, hint: hint)
    }
}
