import DispatchCore
import FunctionModel
package import HTTPCodec

/// Who answers the requests of a listener that has no routes. All calls come on the gateway's event loop.
package protocol WholeRequestDelegate: AnyObject {
    /// The largest body that a request may have whose head has arrived.
    func maxBodyBytes(for head: HTTPRequestHead) -> Int

    /// Answers a request; the answer goes to `exchange`, at once or later.
    func answer(_ request: WholeRequest, exchange: GatewayExchange)

    /// Answers a request whose body, which is not read, is larger than the limit; the same way.
    func answerTooLarge(_ head: HTTPRequestHead, limit: Int, exchange: GatewayExchange)
}

/// Stands where a listener has routes.
final class NoRoutes: GatewayDelegate {
    let isStarting = false

    func resolve(_ head: HTTPRequestHead) -> RouteMatch { .notFound }
    func authenticate(
        _ attempt: AuthenticationAttempt, _ done: @escaping (Result<RouteIdentity, AuthenticationFailure>) -> Void
    ) {
        preconditionFailure("there are no routes")
    }
    func invoke(_ request: GatewayRequest, responder: GatewayExchange) { preconditionFailure("there are no routes") }
    func clientLeft(_ id: InvocationID, of function: FunctionName) { preconditionFailure("there are no routes") }
    func answer(_ request: StoredRequest, responder: GatewayExchange) { preconditionFailure("there are no routes") }
    func readiness(events: Bool) -> GatewayReadiness { .ready }
}
