import DispatchCore
import FunctionModel
import HTTPCodec
import NIOCore

/// What routes ask for before a function sees their requests.
extension ConnectionHandler {
    // MARK: Questions that need no function

    /// The answer to a question about the route that the request's path leads to; nil when it is none.
    func answerToQuestion(_ head: HTTPRequestHead) -> OwnAnswer? {
        guard head.method == .options else { return nil }
        if let method = CORSAnswer.askedMethod(head), let cors = route(head, method)?.policies?.cors {
            return .empty(CORSAnswer.preflight(head, cors))
        }
        if WebhookHandshake.isAsked(head), let route = route(head, .post), WebhookHandshake.answers(for: route) {
            return .empty(WebhookHandshake.fields(route.policies))
        }
        return nil
    }

    private func route(_ head: HTTPRequestHead, _ method: HTTPMethod) -> Route? {
        var head = head
        head.method = method
        guard case .found(let route, _) = gateway.delegate.resolve(head) else { return nil }
        return route
    }

    // MARK: Requests

    /// Notes down what every answer to this request will carry.
    func prepareAnswer(_ head: HTTPRequestHead, _ policies: RoutePolicies) {
        envelope.isFunctionURL = policies.isFunctionURL
        guard let cors = policies.cors else { return }
        envelope.overridesCORS = true
        envelope.extraFields = CORSAnswer.fields(origin: head.fields.first("origin"), cors)
    }

    /// Lets a request pass to its function, at once or later, or answers why not.
    func admit(_ arrived: ArrivedRequest, _ policies: RoutePolicies) {
        guard isWithinLimit(arrived, policies, identity: nil) else { return }
        guard let auth = policies.auth else { return pass(arrived, policies, exchange: nil) }
        var head = arrived.head
        head.fields = arrived.sentFields
        let attempt = AuthenticationAttempt(route: arrived.route, auth: auth, head: head, body: arrived.body)
        // It stands for the client while the answer is on its way; should the client leave, nothing is started.
        let exchange = makeExchange(arrived)
        self.exchange = exchange
        gateway.delegate.authenticate(attempt) { [weak self] result in
            guard let self, self.exchange === exchange else { return }
            switch result {
            case .success(let identity): authenticated(arrived, policies, identity, exchange)
            case .failure(let failure): refuse(failure)
            }
        }
    }

    private func authenticated(
        _ arrived: ArrivedRequest, _ policies: RoutePolicies, _ identity: RouteIdentity, _ exchange: GatewayExchange
    ) {
        guard isWithinLimit(arrived, policies, identity: identity.name) else { return }
        var arrived = arrived
        arrived.caller = identity.caller
        if let authorizer = identity.authorizer {
            arrived.head.fields.append(name: RouteIdentity.fieldName, value: authorizer)
        }
        pass(arrived, policies, exchange: exchange)
    }

    private func pass(_ arrived: ArrivedRequest, _ policies: RoutePolicies, exchange: GatewayExchange?) {
        guard policies.strippedBytes > 0 else { return start(arrived, exchange: exchange) }
        var arrived = arrived
        arrived.head.path = policies.handlerPath(arrived.head.path)
        arrived.pattern = policies.handlerPattern(arrived.pattern)
        start(arrived, exchange: exchange)
    }

    /// Counts the request; when it is one too many it is answered, and false is given.
    private func isWithinLimit(_ arrived: ArrivedRequest, _ policies: RoutePolicies, identity: String?) -> Bool {
        guard let limit = policies.rateLimit else { return true }
        let verdict = gateway.limiters.admit(
            arrived.route, limit, fields: arrived.head.fields, sourceAddress: arrived.sourceAddress,
            identity: identity, now: gateway.clock.now())
        guard let verdict else { return true }
        var fields = envelope.extraFields ?? HTTPFields()
        RateLimitFields.write(verdict, limit, to: &fields)
        envelope.extraFields = fields
        if verdict.isAdmitted { return true }
        refuse(RateLimitFields.problem(verdict))
        return false
    }

    private func refuse(_ failure: AuthenticationFailure) {
        if let challenge = failure.challenge {
            var fields = envelope.extraFields ?? HTTPFields()
            fields.append(name: "WWW-Authenticate", value: challenge)
            envelope.extraFields = fields
        }
        refuse(InvocationFailure(failure.code, failure.detail))
    }

    /// Answers a request that no function has seen.
    func refuse(_ failure: InvocationFailure) {
        let exchange = exchange
        self.exchange = nil
        exchange?.detach()
        answer(failure)
    }
}
