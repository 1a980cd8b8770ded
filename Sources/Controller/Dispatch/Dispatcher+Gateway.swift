import CloudEvents
import DispatchCore
import FunctionModel
import Gateway
import HTTPCodec

extension Dispatcher: GatewayDelegate {
    func resolve(_ head: HTTPRequestHead) -> RouteMatch { routes.match(path: head.path, method: head.method) }

    func invoke(_ request: GatewayRequest, responder: GatewayExchange) {
        // The function may have been removed while the body was on its way.
        guard let function = functions[request.route.function] else {
            let detail = "the function \(request.route.function) was removed"
            return responder.reply(.failure(InvocationFailure(.functionNotFound, detail)))
        }
        if let wishes = request.wishes {
            guard let events else { return responder.reply(.failure(EventPlane.off)) }
            return events.intake.accept(request, wishes, responder: responder)
        }
        switch request.cloudEvents {
        case nil:
            invoke(
                function, input: .http(request.event), payload: request.route.payload, id: request.id,
                traceParent: request.traceParent, responder: responder)
        case .one(let event):
            invoke(
                function, input: .direct(event.structuredJSON()), payload: request.route.payload, id: request.id,
                traceParent: request.traceParent, responder: responder)
        case .batch(let events): run(events, of: request, responder)
        }
    }

    private func run(_ events: [CloudEvent], of request: GatewayRequest, _ responder: GatewayExchange) {
        let run = CloudEventBatchRun(events, for: responder) { [weak self] event, run in
            guard let self, let function = functions[request.route.function] else {
                let detail = "the function \(request.route.function) was removed"
                return run.reply(.failure(InvocationFailure(.functionNotFound, detail)))
            }
            invoke(
                function, input: .direct(event), payload: request.route.payload, traceParent: request.traceParent,
                responder: run)
        }
        run.next()
    }

    func authenticate(
        _ attempt: AuthenticationAttempt, _ done: @escaping (Result<RouteIdentity, AuthenticationFailure>) -> Void
    ) {
        guard let routeGuard else { return done(.failure(.unavailable)) }
        routeGuard.authenticate(attempt, done)
    }

    func answer(_ request: StoredRequest, responder: GatewayExchange) {
        guard let events else { return responder.reply(.failure(EventPlane.off)) }
        events.desk.answer(request, to: responder)
    }

    var isStarting: Bool { !hasScanned }

    func readiness() -> GatewayReadiness {
        var reasons: [String] = []
        if !hasScanned { reasons.append("the functions directory is being read for the first time") }
        if isDraining { reasons.append("the controller is stopping") }
        if !environment.engineIsAvailable() { reasons.append("the container engine does not answer") }
        return reasons.isEmpty ? .ready : .notReady(reasons)
    }
}
