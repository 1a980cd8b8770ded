import DispatchCore
import FunctionModel
import HTTPCodec
import NIOCore

/// A whole request for a route, cleaned.
struct ArrivedRequest: Sendable {
    let id: InvocationID
    let route: Route
    let parameters: [(name: String, value: String)]
    /// With the fields that a handler may see.
    var head: HTTPRequestHead
    /// As they were sent.
    let sentFields: HTTPFields
    let body: ByteBuffer
    let traceParent: String
    let parentSpan: UInt64?
    /// The pattern as the handler sees it.
    var pattern: String
    let sourceAddress: String
    let prefersAsync: Bool
    /// Whether a field says something about CloudEvents.
    let mayCarryCloudEvents: Bool
    /// Who sends it, as far as the route's `auth` has found out.
    var caller: String?

    /// Whether the client is not to wait for the function.
    var isStored: Bool { prefersAsync || route.mode == .async || route.topic != nil }
}
