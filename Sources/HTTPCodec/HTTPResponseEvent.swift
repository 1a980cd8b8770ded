package import NIOCore

/// What a response parser finds, in order: `head`, `body`*, `trailers`?, `end`. Interim responses are left out.
package enum HTTPResponseEvent: Sendable {
    case head(HTTPResponseHead)
    /// Bytes of the body, never empty; they share storage with what arrived.
    case body(ByteBuffer)
    /// The trailer section of a chunked body; only when it has fields.
    case trailers(HTTPFields)
    case end
}
