package import DispatchCore
package import FunctionModel

/// A whole request on its way to a function.
package struct GatewayRequest: Sendable {
    /// The invocation's id, which the response will carry.
    package let id: InvocationID
    package let route: Route
    package let event: HTTPEvent
    /// W3C `traceparent`; it stands among the event's fields too.
    package let traceParent: String
    /// The span that the caller's `traceparent` named, when another one stands in its place now.
    package let parentSpan: UInt64?
    /// What is wished of the event when the client does not wait for the answer; nil when it does.
    package let wishes: EventWishes?
    /// When the last byte of the request had arrived.
    package let receivedAt: MonotonicTime
    /// The CloudEvents that the request carries, when it is they that the function is given or that are stored.
    package let cloudEvents: CloudEventDelivery?
}
