import AccessControl
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import SigV4
import TextForms

/// Takes the requests of one listener of the APIs: lets them in, and gives them to the API that they are for. Lives on
/// the event loop.
final class APIListener: WholeRequestDelegate {
    /// What all listeners of the controller share.
    struct Parts {
        /// Nil where there is no data plane.
        var invoke: InvokeAPI?
        /// Lambda's API besides Invoke.
        var lambda: (any ServiceAPI)?
        /// The queues' API.
        var queues: (any ServiceAPI)?
        var admin: AdminBridge
        /// Serves whom nobody knows, too.
        var dashboard: AdminBridge
        /// Where changes through the other APIs are written down.
        var audit: AuditTrail?
        /// The largest body of a request to the admin API, in bytes.
        var maxAdminBytes: Int
    }

    private let parts: Parts
    /// Nil lets everybody in: who can open the Unix socket is the controller's own user.
    private let access: APIAccess?
    private let loop: any EventLoop

    /// Larger bodies are hashed and checked beside the event loop, which nothing may hold up.
    private static let maxInlineBytes = 64 << 10
    /// Who is not known may not make the controller hold more than this.
    private static let maxUnknownBytes = 64 << 10

    init(parts: Parts, access: APIAccess?, loop: any EventLoop) {
        self.parts = parts
        self.access = access
        self.loop = loop
    }

    // MARK: Heads

    func maxBodyBytes(for head: HTTPRequestHead) -> Int {
        let surface = APISurface(head)
        let limit = surface.maxBodyBytes(head, adminLimit: parts.maxAdminBytes)
        guard let access, !surface.isOpen, head.framing != .none, limit > Self.maxUnknownBytes else { return limit }
        // A small body is read before anything is looked at, so that most heads are looked at once.
        if case .length(let length) = head.framing, length <= Self.maxUnknownBytes { return limit }
        do throws(SigV4Error) {
            _ = try access.claim(head, Self.signed(head), services: surface.services)
            return limit
        } catch {
            return Self.maxUnknownBytes
        }
    }

    func answerTooLarge(_ head: HTTPRequestHead, limit: Int, exchange: GatewayExchange) {
        let surface = APISurface(head)
        do throws(SigV4Error) {
            if let access, !surface.isOpen { _ = try access.claim(head, Self.signed(head), services: surface.services) }
            Self.send(APIRefusal.tooLarge(limit: limit, to: surface, head), to: exchange)
        } catch {
            Self.send(APIRefusal.response(error, to: surface, head), to: exchange)
        }
    }

    private static func signed(_ head: HTTPRequestHead) -> SignedRequest {
        SignedRequest(method: head.method.name, path: head.path, query: head.query, fields: head.fields)
    }

    // MARK: Requests

    func answer(_ request: WholeRequest, exchange: GatewayExchange) {
        let surface = APISurface(request.head)
        guard let access, !surface.isOpen else {
            let principal = surface.isOpen ? Principal.nobody : .socket
            return serve(request, surface, body: request.body, caller: "", principal, exchange)
        }
        let signed = Self.signed(request.head)
        do throws(SigV4Error) {
            switch try access.claim(request.head, signed, services: surface.services) {
            case .known(let principal):
                serve(request, surface, body: request.body, caller: principal.actor, principal, exchange)
            case .signature(let claim, let secret, let payload):
                let body = request.body
                compute(body.readableBytes, { payload.needsHash ? PayloadHash.of(body) : "" }) { [self] hash in
                    do throws(SigV4Error) {
                        let body = try access.verify(
                            claim, secret: secret, payload, of: signed, body: body, hash: hash)
                        let principal = Principal(actor: "key:\(claim.accessKeyID)", scopes: [.admin])
                        serve(request, surface, body: body, caller: claim.accessKeyID, principal, exchange)
                    } catch {
                        Self.send(APIRefusal.response(error, to: surface, request.head), to: exchange)
                    }
                }
            }
        } catch {
            Self.send(APIRefusal.response(error, to: surface, request.head), to: exchange)
        }
    }

    /// Works on `bytes` bytes: at once when they are few, else on another thread.
    private func compute<Value: Sendable>(
        _ bytes: Int, _ work: @escaping @Sendable () -> Value, _ done: @escaping (Value) -> Void
    ) {
        guard bytes > Self.maxInlineBytes else { return done(work()) }
        let bound = NIOLoopBound(done, eventLoop: loop)
        let loop = loop
        Task.detached {
            let value = work()
            loop.execute { bound.value(value) }
        }
    }

    private func serve(
        _ request: WholeRequest, _ surface: APISurface, body: ByteBuffer, caller: String, _ principal: Principal,
        _ exchange: GatewayExchange
    ) {
        switch surface {
        case .invoke(let call):
            guard principal.allows(.invoke) else {
                return Self.send(APIRefusal.forbidden(.invoke, to: surface, request.head), to: exchange)
            }
            invoke(request, call, body: body, caller: caller, exchange)
        case .lambda: pass(request, surface, body, to: parts.lambda, principal, exchange)
        case .queues: pass(request, surface, body, to: parts.queues, principal, exchange)
        case .dashboard: parts.dashboard.answer(request, principal, exchange: exchange)
        case .admin:
            var request = request
            request.body = body
            parts.admin.answer(request, principal, exchange: exchange)
        }
    }

    private func invoke(
        _ request: WholeRequest, _ call: InvokeCall, body: ByteBuffer, caller: String, _ exchange: GatewayExchange
    ) {
        guard let invoke = parts.invoke else {
            return Self.send(APIRefusal.notImplemented(.invoke(call), request.head), to: exchange)
        }
        compute(body.readableBytes, { Self.isPayload(body) }) { isPayload in
            guard isPayload else {
                return Self.send(
                    LambdaAPIError.notJSON("the payload is not one JSON value in UTF-8").response, to: exchange)
            }
            // A client that left while its body was looked at has not called anything.
            guard !exchange.isClientGone else { return }
            invoke.answer(
                InvokeAPI.Call(call: call, request: request, payload: body, caller: caller), exchange: exchange)
        }
    }

    private static func isPayload(_ body: ByteBuffer) -> Bool {
        guard body.readableBytes > 0 else { return true }
        return body.withUnsafeReadableBytes { JSONScanner.isValid($0) && UTF8Text.isValid($0) }
    }

    private func pass(
        _ request: WholeRequest, _ surface: APISurface, _ body: ByteBuffer, to service: (any ServiceAPI)?,
        _ principal: Principal, _ exchange: GatewayExchange
    ) {
        guard let service else {
            return Self.send(APIRefusal.notImplemented(surface, request.head), to: exchange)
        }
        let head = request.head
        let asked = ServiceRequest(
            id: request.id.description, method: head.method.name, path: head.path,
            query: head.query.isEmpty ? nil : head.query, fields: head.fields, body: body)
        let asking = Asking(
            surface: surface, head: head, principal: principal, audit: parts.audit,
            exchange: NIOLoopBound(exchange, eventLoop: loop), loop: loop)
        let task = Task { await APIListener.ask(service, asked, asking) }
        // A long poll of somebody who has left must not take a message. What changes functions is done to its end.
        if case .queues = surface { exchange.onEnd = { task.cancel() } }
    }

    /// Who asks a service, and who hears the answer.
    private struct Asking: Sendable {
        let surface: APISurface
        let head: HTTPRequestHead
        let principal: Principal
        let audit: AuditTrail?
        let exchange: NIOLoopBound<GatewayExchange>
        let loop: any EventLoop
    }

    private static func ask(_ service: any ServiceAPI, _ request: ServiceRequest, _ asking: Asking) async {
        let call = service.call(request)
        let response: ServiceResponse
        if let needed = call.needed, !asking.principal.allows(needed) {
            response = APIRefusal.forbidden(needed, to: asking.surface, asking.head)
        } else {
            response = await call.perform()
            note(request, call, response, asking)
        }
        asking.loop.execute { send(response, to: asking.exchange.value) }
    }

    /// Writes down what changed.
    private static func note(
        _ request: ServiceRequest, _ call: ServiceCall, _ response: ServiceResponse, _ asking: Asking
    ) {
        guard call.needed == .deploy || call.needed == .admin else { return }
        let operation = request.fields.first("x-amz-target") ?? "\(request.method) \(request.path)"
        asking.audit?.note(
            AuditEntry(
                actor: asking.principal.actor, action: operation, target: request.path,
                outcome: (200..<300).contains(response.status) ? "ok" : "\(response.status)"))
    }

    private static func send(_ response: ServiceResponse, to exchange: GatewayExchange) {
        exchange.answer(status: response.status, fields: response.fields, body: response.body)
    }
}
