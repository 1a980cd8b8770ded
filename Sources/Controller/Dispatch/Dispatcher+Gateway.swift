import CloudEvents
import DispatchCore
import FunctionModel
import Gateway
import HTTPCodec
import WorkerProtocol

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
        let input: InvocationInput
        switch request.cloudEvents {
        case nil: input = .http(request.event)
        case .one(let event): input = .direct(event.structuredJSON())
        case .batch(let events): return run(events, of: request, responder)
        }
        invoke(
            target.function, input: input, payload: request.route.payload, id: request.id,
            traceParent: request.traceParent, parentSpan: request.parentSpan, qualifier: target.qualifier,
            limitBeginsWithRun: request.route.policies?.isFunctionURL ?? false, responder: responder)
    }

    /// Each event chooses its version anew, as a request of its own would.
    private func run(_ events: [CloudEvent], of request: GatewayRequest, _ responder: GatewayExchange) {
        let run = CloudEventBatchRun(events, for: responder) { [weak self] event, run in
            guard let self else { return }
            guard let function = functions[request.route.function] else {
                let detail = "the function \(request.route.function) was removed"
                return run.reply(.failure(InvocationFailure(.functionNotFound, detail)))
            }
            let alias = request.route.alias
            let field = { (name: String) in request.event.head.fields.first(named: name) }
            guard let target = target(of: alias, function, sticky: field) else {
                return run.reply(.failure(Self.unusable(alias)))
            }
            invoke(
                target.function, input: .direct(event), payload: request.route.payload,
                traceParent: request.traceParent, parentSpan: request.parentSpan, qualifier: target.qualifier,
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

    /// What waits for a worker is not run. An HTTP server is told by the end of its connection, so that a stream does not
    /// keep its place; other handlers run to their end, as on Lambda.
    func clientLeft(_ id: InvocationID, of name: FunctionName) {
        guard let function = pools(of: name).first(where: { $0.active[id] != nil }),
            let active = function.active[id], active.invocation.event == nil, !active.isAnswered
        else { return }
        guard let entry = active.worker else {
            guard function.pool.cancelWaiting(id) else { return }
            return fail(id, of: function, InvocationFailure(.cancelled, "the caller left before a worker was free"))
        }
        guard entry.version.contract == .http, active.hasBegun else { return }
        answer(
            active, of: function, with: InvocationFailure(.cancelled, "the caller left before the answer was whole"))
        entry.channel?.cancel(id)
    }

    func answer(_ request: StoredRequest, responder: GatewayExchange) {
        guard let events else { return responder.reply(.failure(EventPlane.off)) }
        events.desk.answer(request, to: responder)
    }

    var isStarting: Bool { !hasScanned }

    func readiness(events wantsEvents: Bool) -> GatewayReadiness {
        var reasons: [String] = []
        if !hasScanned { reasons.append("the functions directory is being read for the first time") }
        if isDraining { reasons.append("the controller is stopping") }
        if let problem = environment.engineProblem() { reasons.append(problem) }
        if wantsEvents, let refusal = events.map({ $0.refusal }) ?? EventPlane.off.detail { reasons.append(refusal) }
        return reasons.isEmpty ? .ready : .notReady(reasons)
    }
}
