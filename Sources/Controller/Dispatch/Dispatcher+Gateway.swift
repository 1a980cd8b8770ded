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
            if observation.traceSample != nil { traceAcceptance(request) }
            return events.intake.accept(request, wishes, responder: responder)
        }
        let alias = request.route.alias
        guard let target = target(of: alias, function, sticky: { request.event.head.fields.first(named: $0) }) else {
            return responder.reply(.failure(Self.unusable(alias)))
        }
        invoke(
            target.function, input: .http(request.event), payload: request.route.payload, id: request.id,
            traceParent: request.traceParent, parentSpan: request.parentSpan, qualifier: target.qualifier,
            responder: responder)
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
