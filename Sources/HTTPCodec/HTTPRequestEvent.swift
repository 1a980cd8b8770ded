package import NIOCore

/// What a request parser finds, in order: `head`, `body`*, `trailers`?, `end`.
package enum HTTPRequestEvent: Sendable {
    case head(HTTPRequestHead)
    /// Bytes of the body, never empty; they share storage with what arrived.
    case body(ByteBuffer)
    /// The trailer section of a chunked body; only when it has fields.
    case trailers(HTTPFields)
    case end
}
