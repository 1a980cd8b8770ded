import AccessControl
import AdminModel
import CloudEvents
import FunctionModel
import HTTPTypes
import Hummingbird
import TextForms

/// The paths of events. Each reads its parameters, asks the backend once, and encodes the answer.
struct EventRoutes: Sendable {
    typealias Context = AdminRoutes.Context

    let backend: any EventBackend
    let maximumEventBytes: Int

    func add(to router: inout AdminRouter) {
        addIntake(to: &router)
        addInvocations(to: &router)
        router.get("/v1/queue", .read) { _, _ in try AdminResponse.json(await backend.queue()) }
        router.post("/v1/dead/redrive", .admin) { request, _ in
            try AdminResponse.json(await backend.redrive(Self.deadLetters(request)))
        }
        router.post("/v1/dead/purge", .admin) { request, _ in
            try AdminResponse.json(await backend.purge(Self.deadLetters(request)))
        }
        router.get("/v1/schedules", .read) { _, _ in try AdminResponse.json(await backend.schedules()) }
        router.post("/v1/schedules/:name/run", .invoke) { _, context in
            let name = PercentEncoding.text(of: context.parameters.get("name") ?? "")
            return try AdminResponse.json(await backend.runSchedule(name))
        }
        router.post("/v1/erase", .admin) { request, _ in
            try AdminResponse.json(await backend.erase(Self.erasure(request)))
        }
    }

    private func addIntake(to router: inout AdminRouter) {
        router.post("/v1/topics/:topic/publish", .invoke) { request, context in
            let topic = PercentEncoding.text(of: context.parameters.get("topic") ?? "")
            let event = try await event(request)
            guard let events = try CloudEventIntake.events(request.headers, event.payload) else {
                return try AdminResponse.json(await backend.publish(to: topic, event), status: .accepted)
            }
            return try await publish(events, to: topic, event, request)
        }
        router.post("/v1/functions/:name/enqueue", .invoke) { request, context in
            let name = try AdminRoutes.name(context)
            var event = try await event(request)
            event.qualifier = try QueryReader(request).text("qualifier")
            return try AdminResponse.json(await backend.enqueue(name, event), status: .accepted)
        }
    }

    /// Each as an event of its own, in their order; a batch is answered with a list.
    private func publish(
        _ events: [CloudEvent], to topic: String, _ event: EventRequest, _ request: Request
    ) async throws -> Response {
        let deduplicates = try QueryReader(request).text("deduplicate") != "false"
        guard event.key == nil || events.count == 1 else {
            throw AdminError(.badRequest, "One key cannot be that of several events.", hint: "Leave 'key' out.")
        }
        var receipts: [PublishReceipt] = []
        for cloudEvent in events {
            var event = event
            event.carry(cloudEvent, deduplicates: deduplicates)
            receipts.append(try await backend.publish(to: topic, event))
        }
        let isBatch = try CloudEventIntake.isBatch(request.headers)
        if !isBatch, let only = receipts.first { return try AdminResponse.json(only, status: .accepted) }
        return try AdminResponse.json(receipts, status: .accepted)
    }

    private func addInvocations(to router: inout AdminRouter) {
        router.get("/v1/invocations", .read) { request, _ in
            try AdminResponse.json(await backend.invocations(Self.selection(request)))
        }
        router.get("/v1/invocations/:id", .invoke) { request, context in
            let query = QueryReader(request)
            let seconds = try query.number("wait", in: 0...AdminPath.maximumWaitSeconds) ?? 0
            let info = try await backend.invocation(
                Self.id(context), waitMilliseconds: seconds * 1000, withPayload: query.isTrue("payload"))
            return try AdminResponse.json(info)
        }
        router.delete("/v1/invocations/:id", .admin) { _, context in
            try AdminResponse.json(await backend.cancel(Self.id(context)))
        }
        router.post("/v1/invocations/:id/replay", .admin) { request, context in
            let id = try Self.id(context)
            let wanted = try await AdminRoutes.document(
                ReplayRequest.self, of: request, orElse: ReplayRequest(), hint: "Send {\"version\": 3}, or nothing.")
            return try AdminResponse.json(await backend.replay(id, version: wanted.version))
        }
    }

    // MARK: Reading

    private func event(_ request: Request) async throws -> EventRequest {
        let query = QueryReader(request)
        var event = EventRequest(payload: try await AdminRoutes.body(of: request, upTo: maximumEventBytes))
        event.delayMilliseconds = try query.number("delay", in: 0...QueryReader.maximumDelayMilliseconds)
        event.dueAtMilliseconds = try query.number("at", in: 0...QueryReader.maximumMilliseconds).map(Int64.init)
        event.key = try query.text("key")
        event.priority = try query.number("priority", in: 0...9)
        event.group = try query.text("group")
        event.contentType = try query.text("type")
        guard event.delayMilliseconds == nil || event.dueAtMilliseconds == nil else {
            throw AdminError(.badRequest, "'delay' and 'at' contradict each other.", hint: "Give one of them.")
        }
        return event
    }

    private static func selection(_ request: Request) throws(AdminError) -> EventSelection {
        let query = QueryReader(request)
        var selection = EventSelection()
        selection.function = try query.text("function").map { text throws(AdminError) in try queue(text) }
        selection.state = try query.text("state").map { text throws(AdminError) in
            guard let state = EventState(rawValue: text) else {
                throw AdminError(
                    .badRequest, "'state' is not a state of an event.",
                    hint: "There are " + EventState.allCases.map(\.rawValue).joined(separator: ", ") + ".")
            }
            return state
        }
        selection.limit = try query.number("limit", in: 1...EventSelection.maximumLimit) ?? selection.limit
        selection.offset = try query.number("offset", in: 0...Int(Int32.max)) ?? 0
        return selection
    }

    private static func deadLetters(_ request: Request) async throws -> DeadLetterRequest {
        let wanted = try await AdminRoutes.document(
            DeadLetterRequest.self, of: request, hint: "Send {\"function\": \"hello\", \"limit\": 100}.")
        _ = try queue(wanted.function)
        guard (1...DeadLetterRequest.maximumLimit).contains(wanted.limit) else {
            throw AdminError(.badRequest, "'limit' is not a number from 1 to \(DeadLetterRequest.maximumLimit).")
        }
        if let ids = wanted.ids {
            guard (1...DeadLetterRequest.maximumLimit).contains(ids.count), ids.allSatisfy({ InvocationID($0) != nil })
            else { throw AdminError(.badRequest, "'ids' is not a list of invocations' ids.") }
        }
        return wanted
    }

    private static func erasure(_ request: Request) async throws -> EraseRequest {
        let hint = "Send {\"key\": \"customer-17\"} or {\"id\": \"…\"}."
        let wanted = try await AdminRoutes.document(EraseRequest.self, of: request, hint: hint)
        guard (wanted.key == nil) != (wanted.id == nil), wanted.key != "" else {
            throw AdminError(.badRequest, "An erasure takes either a key or an id.", hint: hint)
        }
        if let id = wanted.id { _ = try Self.id(id) }
        return wanted
    }

    private static func id(_ context: Context) throws(AdminError) -> InvocationID {
        try id(context.parameters.get("id") ?? "")
    }

    /// A text that is no id cannot be an invocation's.
    private static func id(_ text: String) throws(AdminError) -> InvocationID {
        guard let id = InvocationID(text) else {
            throw AdminError(
                .invocationNotFound, "'\(TerminalText.escaped(String(text.prefix(80))))' is not an invocation's id.",
                hint: "See `glo invocations` for the ids.")
        }
        return id
    }

    private static func queue(_ text: String) throws(AdminError) -> String {
        QueueInfo.isOwn(text) ? text : try AdminRoutes.name(text).rawValue
    }
}
