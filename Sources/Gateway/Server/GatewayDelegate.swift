package import DispatchCore
package import FunctionModel
package import HTTPCodec

/// Who decides what requests mean and carries them out. All calls come on the gateway's event loop.
package protocol GatewayDelegate: AnyObject {
    /// Finds the route of a request whose head has arrived; its body has not.
    func resolve(_ head: HTTPRequestHead) -> RouteMatch

    /// Finds out who sent a request to a route with `auth`. Calls `done` exactly once, on the loop, at once or later.
    func authenticate(
        _ attempt: AuthenticationAttempt, _ done: @escaping (Result<RouteIdentity, AuthenticationFailure>) -> Void)

    /// Starts an invocation. The answer goes to `responder`, at once or later, exactly once as ``InvocationReply`` says.
    func invoke(_ request: GatewayRequest, responder: GatewayExchange)

    /// The client of an invocation has left before its answer was whole. Comes after the exchange has let go of it.
    func clientLeft(_ id: InvocationID, of function: FunctionName)

    /// Answers a request about an event that was accepted before; the answer goes to `responder`, at once or later.
    func answer(_ request: StoredRequest, responder: GatewayExchange)

    /// Whether routes may still be missing, since the functions are being read for the first time.
    var isStarting: Bool { get }

    /// Whether invocations can be served now, for `/_/ready`.
    /// - Parameter events: whether events have to be accepted too (`/_/ready?events`).
    func readiness(events: Bool) -> GatewayReadiness
}

/// The answer of `/_/ready`.
package enum GatewayReadiness: Hashable, Sendable {
    case ready
    /// Sentences, each of which names what is missing.
    case notReady([String])
}
