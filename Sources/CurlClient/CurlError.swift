/// Why a request has no response.
package struct CurlError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        case couldNotConnect(ConnectFailure)
        /// A time limit of the request passed.
        case timedOut
        /// The body is larger than the request allows.
        case tooLarge
        /// The caller's sink refused more, or the caller was cancelled.
        case aborted
        /// The connection broke, or what came is not HTTP.
        case disconnected
        case other
    }

    package enum ConnectFailure: Sendable, Hashable {
        case noSuchFile
        case refused
        case notPermitted
        case other
    }

    package let kind: Kind
    /// libcurl's `CURLcode`; 0 when the failure is not libcurl's.
    package let code: Int
    /// What happened, in a sentence.
    package let message: String
    /// What to do about it.
    package let hint: String

    package init(kind: Kind, code: Int, message: String, hint: String) {
        self.kind = kind
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.isEmpty ? message : "\(message) \(hint)" }
}
