import AccessControl
import FunctionModel
import Gateway
import HTTPCodec
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Hands requests of the gateway's listeners to the admin API's routes, which run as tasks beside the event loop.
/// Lives on that loop.
final class AdminBridge {
    private let responder: RouterResponder<AdminContext>
    private let loop: any EventLoop
    private let logger: Logger
    private var tasks: [ObjectIdentifier: Task<Void, Never>] = [:]
    /// Those whose answer streams; they end when the server stops.
    private var streaming: Set<ObjectIdentifier> = []
    private var isStopping = false

    init(responder: RouterResponder<AdminContext>, loop: any EventLoop, logger: Logger) {
        self.responder = responder
        self.loop = loop
        self.logger = logger
    }

    func answer(_ request: WholeRequest, _ principal: Principal, exchange: GatewayExchange) {
        guard let request = Self.request(request) else {
            return exchange.answer(status: 400, fields: HTTPCodec.HTTPFields(), body: ByteBuffer())
        }
        let call = NIOLoopBound(Call(bridge: self, exchange: exchange), eventLoop: loop)
        let origin = AdminContext.Origin(logger: logger, principal: principal)
        let (responder, loop) = (responder, loop)
        let task = Task { await AdminBridge.run(request, responder, call, loop, origin) }
        let id = ObjectIdentifier(exchange)
        tasks[id] = task
        exchange.onEnd = { [self] in forget(id) }
    }

    /// One request on its way through the routes.
    private struct Call {
        let bridge: AdminBridge
        let exchange: GatewayExchange
    }

    private static func run(
        _ request: Request, _ responder: RouterResponder<AdminContext>, _ call: NIOLoopBound<Call>,
        _ loop: any EventLoop, _ origin: AdminContext.Origin
    ) async {
        do {
            let response = try await responder.respond(to: request, context: AdminContext(source: origin))
            try await send(response, call, loop)
        } catch {
            // The routes answer every error themselves; what comes here is a client that left.
            loop.execute {
                call.value.exchange.reply(.failure(InvocationFailure(.internalError, "the answer broke off")))
            }
        }
    }

    private func forget(_ id: ObjectIdentifier) {
        streaming.remove(id)
        tasks.removeValue(forKey: id)?.cancel()
    }

    /// Ends the answers that would go on for ever.
    func endStreams() {
        isStopping = true
        for id in streaming { tasks[id]?.cancel() }
    }

    private static func request(_ request: WholeRequest) -> Request? {
        guard let method = HTTPRequest.Method(request.head.method.name) else { return nil }
        let head = request.head
        var fields = HTTPTypes.HTTPFields()
        for pair in head.fields.pairs {
            if let name = HTTPField.Name(pair.name) { fields.append(HTTPField(name: name, value: pair.value)) }
        }
        let target = head.query.isEmpty ? head.path : "\(head.path)?\(head.query)"
        return Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: head.fields.first("host"), path: target,
                headerFields: fields),
            body: RequestBody(buffer: request.body))
    }

    private static func send(
        _ response: Response, _ call: NIOLoopBound<Call>, _ loop: any EventLoop
    ) async throws {
        let status = response.status.code
        let fields = HTTPCodec.HTTPFields(response.headers.map { ($0.name.rawName, $0.value) })
        guard response.body.contentLength == nil else {
            let box = CollectingBodyWriter.Box()
            try await response.body.write(CollectingBodyWriter(box: box))
            let body = box.body
            loop.execute { call.value.exchange.answer(status: status, fields: fields, body: body) }
            return
        }
        let stream = await withCheckedContinuation { continuation in
            loop.execute {
                let call = call.value
                continuation.resume(returning: call.bridge.beginStream(status, fields, call.exchange))
            }
        }
        try await response.body.write(BridgedBodyWriter(stream: stream, loop: loop))
    }

    private func beginStream(
        _ status: Int, _ fields: HTTPCodec.HTTPFields, _ exchange: GatewayExchange
    ) -> NIOLoopBound<BridgedStream> {
        let stream = BridgedStream(exchange)
        let bound = NIOLoopBound(stream, eventLoop: loop)
        // Who has left hears nothing more, and its task was told.
        guard !exchange.isClientGone else { return bound }
        let id = ObjectIdentifier(exchange)
        streaming.insert(id)
        exchange.onEnd = { [self] in
            forget(id)
            stream.ended()
        }
        stream.begin(HTTPResponseHead(status: status, fields: fields, framing: .chunked))
        if isStopping { tasks[id]?.cancel() }
        return bound
    }
}
