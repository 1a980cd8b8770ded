import HTTPCodec

/// A request's fields as a handler may see them, and what the gateway read out of them.
struct CleanFields {
    var fields: HTTPFields
    /// A valid one that came in, or a new one; it stands among the fields too.
    var traceParent: String
    /// The span that the caller's named, when its trace is recorded and a span of ours stands in its place.
    var parentSpan: UInt64?
    /// The client's own id, fit to be echoed.
    var requestID: String?
    /// Whether the client asked not to wait for the answer (RFC 7240, 4.1).
    var prefersAsync: Bool
    /// Whether a field says something about CloudEvents.
    var mayCarryCloudEvents: Bool
    /// The client's address, as far as it can be believed.
    var sourceAddress: String
}
