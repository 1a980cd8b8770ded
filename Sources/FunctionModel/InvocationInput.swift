import HTTPCodec
package import NIOCore

/// What a function is invoked with.
package enum InvocationInput: Sendable {
    /// A request that came through a route.
    case http(HTTPEvent)
    /// Bytes from somewhere else: the command line, the Invoke API, a queue. They are the event as they are.
    case direct(ByteBuffer)

    /// W3C `traceparent` of a request, which the gateway has seen to.
    package var traceParent: String? {
        switch self {
        case .http(let event): event.head.fields.first("traceparent")
        case .direct: nil
        }
    }
}
