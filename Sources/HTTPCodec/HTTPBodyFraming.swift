/// How the end of a message's body is found (RFC 9112, 6.3).
package enum HTTPBodyFraming: Hashable, Sendable {
    /// There is no body.
    case none
    /// `Content-Length`, in bytes.
    case length(Int)
    /// `Transfer-Encoding: chunked`.
    case chunked
    /// The body ends where the connection ends. Responses only.
    case untilClose
}
