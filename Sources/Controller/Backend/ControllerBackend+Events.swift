import AdminModel
import EventStore
import FunctionCatalog
import FunctionModel
import NIOCore

/// Answers about events out of the event plane, which lives on the data plane's loop.
extension ControllerBackend {
    // MARK: Taking in

    func publish(to topic: String, _ request: EventRequest) async throws(AdminError) -> PublishReceipt {
        let accepted = try await ask { events, done in
            events.intake.publish(events.newEvent(request), to: topic) { done($0) }
        }
        let invocations = accepted.invocations.map {
            InvocationReference(id: $0.id.description, function: $0.function.rawValue)
        }
        return PublishReceipt(event: accepted.event, invocations: invocations, isRepeated: accepted.isRepeated)
    }

    func enqueue(_ name: FunctionName, _ request: EventRequest) async throws(AdminError) -> EnqueueReceipt {
        guard await core.catalog.entry(name) != nil else { throw AdminError.functionNotFound(name.rawValue) }
        if let qualifier = request.qualifier, await !core.plane.ask({ $0.qualified(name, qualifier) != nil }) {
            throw unknownQualifier(qualifier, of: name)
        }
        let accepted = try await ask { events, done in
            events.intake.enqueue(events.newEvent(request), for: name) { done($0) }
        }
        let id = accepted.invocations.first?.id.description ?? accepted.event
        return EnqueueReceipt(id: id, isRepeated: accepted.isRepeated)
    }

    func replay(_ id: InvocationID, version: Int?) async throws(AdminError) -> InvocationReference {
        if let version { try await checkReplay(id, version) }
        let newID = await core.plane.ask { InvocationID.random(using: &$0.random) }
        let outcome = try await askStore { store, done in store.replay(id, as: newID, done) }
        switch outcome {
        case .accepted(let queue):
            await core.plane.ask { dispatcher in
                if let function = queue.function { dispatcher.events?.consumer.hint(function) }
            }
            return InvocationReference(id: newID.description, function: queue.rawValue)
        case .repeated, .notFound: throw AdminError.invocationNotFound(id)
        case .payloadGone: throw AdminError.payloadGone(id)
        }
    }

    /// An event runs on the version that serves: another one has to serve first.
    private func checkReplay(_ id: InvocationID, _ version: Int) async throws(AdminError) {
        let detail = try await detail(of: id, waitMilliseconds: 0)
        guard let name = detail.brief.queue.function,
            let current = await core.plane.ask({ $0.functions[name]?.current?.number }), current != version
        else { return }
        throw AdminError(
            .versionNotFound, "Version \(current) of \(name) serves, not version \(version).",
            hint: "`glo rollback \(name) \(version)` lets that one serve; then replay.")
    }

    // MARK: Looking

    func invocations(_ selection: EventSelection) async throws(AdminError) -> [EventSummary] {
        let queues: [EventQueue]
        if let name = selection.function {
            guard let queue = EventQueue(name) else { throw AdminError.functionNotFound(name) }
            queues = [queue]
        } else {
            queues = try await askStore { store, done in store.stats([], done) }.map(\.queue)
        }
        let state = selection.state.flatMap { StoredState(rawValue: $0.rawValue) }
        var found: [EventSummary] = []
        let most = selection.limit + selection.offset
        for queue in queues {
            let briefs = try await askStore { store, done in store.list(queue, state, limit: most, done) }
            found += briefs.map(EventSummary.init)
        }
        found.sort {
            ($0.state.hasEnded ? 1 : 0, -$0.acceptedAtMilliseconds) < (
                $1.state.hasEnded ? 1 : 0, -$1.acceptedAtMilliseconds
            )
        }
        return Array(found.dropFirst(selection.offset).prefix(selection.limit))
    }

    func invocation(
        _ id: InvocationID, waitMilliseconds: Int, withPayload: Bool
    ) async throws(AdminError) -> EventInfo {
        let detail = try await detail(of: id, waitMilliseconds: waitMilliseconds)
        var info = EventInfo(EventSummary(detail.brief), contentType: detail.brief.contentType)
        if let log = detail.log, log.readableBytes > 0 {
            info.logLines = String(buffer: log).split(separator: "\n").map(String.init)
        }
        if detail.brief.state == .succeeded {
            let head = detail.resultHead.flatMap(ResultHead.decode)
            let body = try await contents(detail.result, detail.resultRef)
            let type = head?.headers.first { $0.first?.lowercased() == "content-type" }?.last
            info.result = AdminModel.EventResult(
                status: head?.status, headers: head?.headers, contentType: type, body: body ?? [])
        }
        if withPayload, let payload = try await contents(detail.payload, detail.payloadRef) { info.setPayload(payload) }
        return info
    }

    private func contents(_ bytes: ByteBuffer?, _ reference: String?) async throws(AdminError) -> [UInt8]? {
        guard let reference else { return bytes.map { Array($0.readableBytesView) } }
        let contents = try await ask { (events, done: @escaping (Result<ByteBuffer, InvocationFailure>) -> Void) in
            guard let files = events.files else {
                return done(.failure(InvocationFailure(.internalError, "The file \(reference) is not on this server.")))
            }
            files.read(reference) { result in
                done(
                    result.mapError { error in
                        InvocationFailure(.internalError, "The file of the bytes cannot be read: \(error)")
                    })
            }
        }
        return Array(contents.readableBytesView)
    }

    private func detail(of id: InvocationID, waitMilliseconds: Int) async throws(AdminError) -> EventDetail {
        let detail = try await ask { events, done in
            events.desk.look(id, waitMilliseconds: Int64(waitMilliseconds)) {
                done($0.mapError(EventIntake.failure))
            }
        }
        guard let detail else { throw AdminError.invocationNotFound(id) }
        return detail
    }

    func queue() async throws(AdminError) -> QueueStatus {
        guard let events else { return QueueStatus(redis: RedisStatus(state: .off)) }
        let redis = await events.redisStatus()
        guard redis.state == .ready else { return QueueStatus(redis: redis) }
        let queues = try await askStore { store, done in store.stats([], done) }
        let subscriptions = try await askStore { store, done in
            store.topics { done($0.map { $0.map(Subscription.init) }) }
        }
        let rates = await core.plane.ask { $0.events?.ratesPerSecond() ?? [:] }
        var byFunction: [String: [String]] = [:]
        var byTopic: [String: [String]] = [:]
        for subscription in subscriptions {
            byFunction[subscription.function.rawValue] = subscription.topics.sorted()
            for topic in subscription.topics { byTopic[topic, default: []].append(subscription.function.rawValue) }
        }
        let infos = queues.map { queue in
            var info = QueueInfo(queue, topics: byFunction[queue.queue.rawValue] ?? [])
            info.ratePerSecond = rates[queue.queue.rawValue] ?? 0
            return info
        }
        return QueueStatus(
            redis: redis, functions: infos.sorted { $0.function < $1.function },
            topics: byTopic.map { TopicInfo(topic: $0.key, functions: $0.value.sorted()) }.sorted {
                $0.topic < $1.topic
            })
    }

    private struct Subscription: Sendable {
        var function: FunctionName
        var topics: [String]

        init(_ pair: (function: FunctionName, topics: [String])) { (function, topics) = pair }
    }

    // MARK: Changing

    func cancel(_ id: InvocationID) async throws(AdminError) -> CancelResult {
        switch try await askStore({ store, done in store.cancel(id, done) }) {
        case .cancelled: return CancelResult(outcome: .cancelled)
        case .cancelling: return CancelResult(outcome: .cancelling)
        case .hasEnded:
            throw AdminError(.invocationEnded, EventDesk.hasEnded(id).detail, invocation: id)
        case .notFound: throw AdminError.invocationNotFound(id)
        }
    }

    func redrive(_ request: DeadLetterRequest) async throws(AdminError) -> DeadLetterResult {
        let (queue, choice) = try Self.choice(request)
        let report = try await askStore { store, done in store.redrive(queue, choice, done) }
        await core.plane.ask { dispatcher in
            if let function = queue.function {
                dispatcher.events?.consumer.hint(function)
            } else {
                dispatcher.events?.courier.look()
            }
        }
        return DeadLetterResult(count: report.changed, left: report.left)
    }

    func purge(_ request: DeadLetterRequest) async throws(AdminError) -> DeadLetterResult {
        let (queue, choice) = try Self.choice(request)
        let report = try await askStore { store, done in store.purge(queue, choice, done) }
        return DeadLetterResult(count: report.changed, left: report.left)
    }

    private static func choice(
        _ request: DeadLetterRequest
    ) throws(AdminError) -> (EventQueue, DeadLetterChoice) {
        guard let queue = EventQueue(request.function) else { throw AdminError.functionNotFound(request.function) }
        guard let texts = request.ids else {
            return (queue, .since(milliseconds: Int(request.sinceMilliseconds ?? 0), limit: request.limit))
        }
        var ids: [InvocationID] = []
        for text in texts.prefix(request.limit) {
            guard let id = InvocationID(text) else {
                throw AdminError(
                    .badRequest, "'\(TerminalText.escaped(String(text.prefix(80))))' is no invocation's id.")
            }
            ids.append(id)
        }
        return (queue, .ids(ids))
    }

    func erase(_ request: EraseRequest) async throws(AdminError) -> EraseResult {
        let scope: ErasureScope
        if let key = request.key {
            scope = .key(key)
        } else if let id = request.id.flatMap({ InvocationID($0) }) {
            scope = .event(id)
        } else {
            throw AdminError(.badRequest, "An erasure needs a key, or the id of an invocation.")
        }
        let report = try await askStore { store, done in store.erase(scope, done) }
        if request.rewrite == true {
            try await ask { (events, done: @escaping (Result<Void, InvocationFailure>) -> Void) in
                events.rewriteFile { done($0) }
            }
        }
        return EraseResult(erased: report.erased, running: report.running)
    }

    // MARK: Schedules

    func schedules() async throws(AdminError) -> [ScheduleInfo] {
        try await ask { events, done in done(.success(events.schedules.infos)) }
    }

    func runSchedule(_ name: String) async throws(AdminError) -> ScheduleRun {
        let found = try await ask {
            (events, done: @escaping (Result<ScheduledEvent?, InvocationFailure>) -> Void) in
            done(
                .success(
                    events.schedules.event(of: name).map {
                        ScheduledEvent(function: $0.function, payload: $0.payload)
                    }))
        }
        guard let found else {
            throw AdminError(.scheduleNotFound, "There is no schedule '\(name)'.", hint: "See `glo schedule ls`.")
        }
        let accepted = try await ask { events, done in
            var event = NewEvent(id: events.newID(), payload: found.payload)
            event.contentType = "application/json"
            event.source = "schedule"
            events.intake.enqueue(event, for: found.function) { done($0) }
        }
        return ScheduleRun(id: accepted.event)
    }

    private struct ScheduledEvent: Sendable {
        var function: FunctionName
        var payload: ByteBuffer
    }

    // MARK: The way there

    /// Asks something of the event plane, on its loop.
    private func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (EventPlane, @escaping (Result<Answer, InvocationFailure>) -> Void) -> Void
    ) async throws(AdminError) -> Answer {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Answer, InvocationFailure>, Never>) in
            core.plane.tell { dispatcher in
                guard let events = dispatcher.events else {
                    return continuation.resume(returning: .failure(EventPlane.off))
                }
                question(events) { continuation.resume(returning: $0) }
            }
        }
        do throws(InvocationFailure) {
            return try result.get()
        } catch {
            throw AdminError(error.code, error.detail)
        }
    }

    private func askStore<Answer: Sendable>(
        _ question: @escaping @Sendable (EventStore, @escaping (Result<Answer, EventStoreError>) -> Void) -> Void
    ) async throws(AdminError) -> Answer {
        try await ask { events, done in question(events.store) { done($0.mapError(EventIntake.failure)) } }
    }
}

extension EventSummary {
    init(_ brief: EventBrief) {
        let error = brief.lastError.flatMap(FailureText.decode)
        self.init(
            id: brief.id.description, function: brief.queue.rawValue,
            state: AdminModel.EventState(rawValue: brief.state.rawValue) ?? .queued,
            acceptedAtMilliseconds: Int64(brief.acceptedAtMilliseconds),
            startedAtMilliseconds: brief.startedAtMilliseconds.map(Int64.init),
            endedAtMilliseconds: brief.endedAtMilliseconds.map(Int64.init),
            dueAtMilliseconds: brief.state == .delayed ? brief.notBeforeMilliseconds.map(Int64.init) : nil,
            attempts: brief.attempts, maxAttempts: brief.maxAttempts, crashes: brief.crashes,
            version: brief.version.flatMap { Int($0) }, topic: brief.topic,
            event: brief.event == brief.id.description ? nil : brief.event, key: brief.key, group: brief.group,
            source: brief.source, error: error.map { EventError(code: $0.code, detail: $0.detail ?? "") },
            replayOf: brief.replayOf?.description, schedule: brief.schedule)
    }
}

extension QueueInfo {
    init(_ queue: FunctionQueue, topics: [String]) {
        self.init(
            function: queue.queue.rawValue, ready: queue.ready + queue.waiting, delayed: queue.delayed,
            running: queue.running, dead: queue.dead, oldestMilliseconds: queue.oldestMilliseconds.map(Int64.init),
            accepted: queue.counters.accepted, succeeded: queue.counters.succeeded, failed: queue.counters.failed,
            crashed: queue.counters.crashed, cancelled: queue.counters.cancelled, topics: topics)
    }
}
