import AccessControl
import AdminModel
import FunctionModel
import HTTPTypes
import Hummingbird
import NIOCore

/// The paths of the admin API. Each reads its parameters, asks the backend once, and encodes the answer.
struct AdminRoutes: Sendable {
    typealias Context = AdminContext

    let backend: any AdminBackend
    let maximumEventBytes: Int
    /// Findings about this machine, as JSON; nil where nobody looks.
    var doctor: (@Sendable () async -> [UInt8])?

    /// Bodies of all but events.
    private static let maximumDocumentBytes = 64 << 10
    /// Log records that one request may ask for.
    private static let maximumTail = 100_000

    func add(to router: inout AdminRouter) {
        router.get("/v1/status", .read) { _, _ in try AdminResponse.json(await backend.status()) }
        router.get("/v1/functions", .read) { _, _ in try AdminResponse.json(await backend.functions()) }
        router.get("/v1/workers", .read) { _, _ in try AdminResponse.json(await backend.workers()) }
        router.get("/v1/logs", .read) { request, _ in try await logs(request) }
        router.get("/v1/functions/:name", .read) { _, context in
            try AdminResponse.json(await backend.function(Self.name(context)))
        }
        router.get("/v1/functions/:name/versions", .read) { _, context in
            try AdminResponse.json(await backend.versions(of: Self.name(context)))
        }
        router.get("/v1/functions/:name/explain", .read) { _, context in
            try AdminResponse.json(await backend.explain(Self.name(context)))
        }
        router.post("/v1/functions/:name/rollback", .deploy) { request, context in
            try await rollBack(request, Self.name(context))
        }
        router.post("/v1/functions/:name/invoke", .invoke) { request, context in
            try await invoke(request, Self.name(context))
        }
        VersionRoutes(backend: backend).add(to: &router)
        ObservationRoutes(backend: backend).add(to: &router)
        EventRoutes(backend: backend, maximumEventBytes: maximumEventBytes).add(to: &router)
        if let doctor {
            router.get("/v1/doctor", .read) { _, _ in
                AdminResponse.bytes(await doctor(), contentType: "application/json")
            }
        }
    }

    private func rollBack(_ request: Request, _ name: FunctionName) async throws -> Response {
        let document = try await Self.document(
            RollbackRequest.self, of: request, orElse: RollbackRequest(), hint: "Send {\"version\": 3}, or nothing.")
        return try AdminResponse.json(await backend.rollBack(name, to: document.version))
    }

    private func invoke(_ request: Request, _ name: FunctionName) async throws -> Response {
        let payload = try await Self.body(of: request, upTo: maximumEventBytes)
        let query = QueryReader(request)
        let wanted = InvokeRequest(
            payload: payload, wantsLogTail: query.isTrue("logTail"), qualifier: try query.text("qualifier"))
        return try AdminResponse.json(await backend.invoke(name, wanted))
    }

    private func logs(_ request: Request) async throws -> Response {
        let query = QueryReader(request)
        var selection = LogSelection()
        if let text = request.uri.queryParameters["function"], !text.isEmpty {
            selection.function = try Self.name(String(text)).rawValue
        }
        selection.tail = try query.number("tail", in: 0...Self.maximumTail) ?? 100
        selection.follow = query.isTrue("follow")
        selection.sinceMilliseconds = try query.number("since", in: 0...QueryReader.maximumMilliseconds).map(Int64.init)
        selection.invocation = try query.text("invocation")
        selection.text = try query.text("grep")
        if let word = try query.text("level") {
            guard let level = LogLevel(word: word) else {
                throw AdminError(.badRequest, "'level' is not debug, info, warn or error.")
            }
            selection.level = level
        }
        return AdminResponse.lines(try await backend.logs(selection))
    }

    // MARK: Reading, for EventRoutes too

    static func name(_ context: Context) throws(AdminError) -> FunctionName {
        try name(context.parameters.get("name") ?? "")
    }

    /// A text that is no name cannot be a function's.
    static func name(_ text: String) throws(AdminError) -> FunctionName {
        guard let name = FunctionName(text) else {
            throw AdminError(
                .functionNotFound, "'\(TerminalText.escaped(String(text.prefix(80))))' is not a function's name.",
                hint: FunctionName.rule)
        }
        return name
    }

    /// The body as JSON.
    ///
    /// - Parameter absent: what no body means; nil wants one.
    static func document<Document: Decodable>(
        _ type: Document.Type, of request: Request, orElse absent: Document? = nil, hint: String
    ) async throws -> Document {
        let body = try await body(of: request, upTo: maximumDocumentBytes)
        if let absent, body.readableBytes == 0 { return absent }
        guard let document = AdminJSON.decode(type, from: body) else {
            throw AdminError(.badRequest, "The body is not what this path takes.", hint: hint)
        }
        return document
    }

    static func body(of request: Request, upTo limit: Int) async throws -> ByteBuffer {
        let tooLarge = AdminError(.bodyTooLarge, "The body has more than \(ByteCount.text(limit)).")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        do {
            return try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }
}
