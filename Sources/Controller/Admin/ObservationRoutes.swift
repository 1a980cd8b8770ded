import AccessControl
import AdminModel
import FunctionModel
import HTTPTypes
import Hummingbird
import NIOCore
import Observability
import TextForms

/// The paths of metrics, statistics and records.
struct ObservationRoutes: Sendable {
    let backend: any AdminBackend

    /// Records that one request may ask for.
    private static let maximumRecords = 10_000

    func add(to router: inout AdminRouter) {
        router.get("/metrics", .read) { _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: try await backend.metrics())))
        }
        router.get("/v1/stats", .read) { _, _ in try AdminResponse.json(await backend.statistics()) }
        router.get("/v1/stats/history", .read) { request, _ in
            try AdminResponse.json(await backend.history(of: Self.function(request)))
        }
        router.get("/v1/events/stream", .read) { request, _ in try await stream(request) }
        router.get("/v1/functions/:name/records", .read) { request, context in
            let query = QueryReader(request)
            let limit = try query.number("limit", in: 1...Self.maximumRecords) ?? 50
            return try AdminResponse.json(
                await backend.records(of: AdminRoutes.name(context), limit: limit, outcome: Self.outcome(query)))
        }
        router.get("/v1/records/:id", .read) { _, context in
            let text = PercentEncoding.text(of: context.parameters.get("id") ?? "")
            guard let id = InvocationID(text) else {
                throw AdminError(
                    .invocationNotFound, "'\(TerminalText.escaped(String(text.prefix(80))))' is no invocation's id.")
            }
            return try AdminResponse.json(await backend.record(id))
        }
    }

    private static func function(_ request: Request) throws(AdminError) -> FunctionName? {
        guard let text = try QueryReader(request).text("function") else { return nil }
        return try AdminRoutes.name(text)
    }

    private static func outcome(_ query: QueryReader) throws(AdminError) -> String? {
        guard let text = try query.text("outcome") else { return nil }
        guard text == "ok" || text == "failed" || FailureCode(rawValue: text) != nil else {
            throw AdminError(
                .badRequest, "'outcome' is not ok, failed or a code of docs/errors.md.",
                hint: "`failed` is every outcome but ok.")
        }
        return text
    }

    private func stream(_ request: Request) async throws -> Response {
        let name = try Self.function(request)
        var logs: AsyncStream<LogRecord>?
        if QueryReader(request).isTrue("logs") {
            var selection = LogSelection()
            selection.function = name?.rawValue
            selection.tail = 0
            selection.follow = true
            logs = try await backend.logs(selection)
        }
        // Asked once before, so that a refusal is a refusal and no broken stream.
        _ = try await backend.statistics()
        return AdminResponse.events(EventStream(backend: backend, function: name, logs: logs))
    }
}
