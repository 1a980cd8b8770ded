package import AdminModel
package import Controller
package import FunctionModel
import NIOCore
import Synchronization

/// A topic `orders` of two functions, four events, and one schedule.
extension FakeBackend {
    package func publish(to topic: String, _ request: EventRequest) async throws(AdminError) -> PublishReceipt {
        guard topic == "orders" else {
            throw AdminError(.topicNotFound, "Nobody takes the topic '\(topic)'.", hint: "`glo queue` shows them")
        }
        events.withLock { $0.stored.append((topic, request, Array(request.payload.readableBytesView))) }
        if request.key == "again" {
            return PublishReceipt(event: FakeEvents.made, invocations: [], isRepeated: true)
        }
        return PublishReceipt(
            event: FakeEvents.made,
            invocations: [
                InvocationReference(id: FakeEvents.failed, function: "audit"),
                InvocationReference(id: FakeEvents.succeeded, function: "hello"),
            ])
    }

    /// "fail" ends as a dead letter.
    package func enqueue(_ name: FunctionName, _ request: EventRequest) async throws(AdminError) -> EnqueueReceipt {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        let payload = Array(request.payload.readableBytesView)
        events.withLock { $0.stored.append((name.rawValue, request, payload)) }
        let fails = payload == Array("fail".utf8)
        return EnqueueReceipt(
            id: fails ? FakeEvents.failed : FakeEvents.running, isRepeated: request.key == "again")
    }

    package func invocations(_ selection: EventSelection) async throws(AdminError) -> [EventSummary] {
        events.withLock { $0.selections.append(selection) }
        let all = FakeEvents.summaries.filter { event in
            (selection.function.map { $0 == event.function } ?? true)
                && (selection.state.map { $0 == event.state } ?? true)
        }
        return Array(all.dropFirst(selection.offset).prefix(selection.limit))
    }

    package func invocation(
        _ id: InvocationID, waitMilliseconds: Int, withPayload: Bool
    ) async throws(AdminError) -> EventInfo {
        let looks = events.withLock { events in
            events.waits.append(waitMilliseconds)
            return events.waits.count
        }
        var info = EventInfo(try summary(id), contentType: "text/plain")
        if info.summary.id == FakeEvents.running && looks > 1 { info.summary.state = .succeeded }
        if info.summary.state == .succeeded {
            info.result = EventResult(
                status: 200, headers: [["x-a", "b"]], contentType: "text/plain", body: Array("done\n".utf8))
        }
        info.logLines = ["from the handler", "\u{1B}[2J"]
        if withPayload && info.summary.state != .succeeded { info.setPayload(Array("the event".utf8)) }
        return info
    }

    package func cancel(_ id: InvocationID) async throws(AdminError) -> CancelResult {
        let event = try summary(id)
        guard !event.state.hasEnded else {
            throw AdminError(.invocationEnded, "The invocation has \(event.state.rawValue).", invocation: id)
        }
        events.withLock { $0.cancelled.append(event.id) }
        return CancelResult(outcome: event.state == .running ? .cancelling : .cancelled)
    }

    package func replay(_ id: InvocationID, version: Int?) async throws(AdminError) -> InvocationReference {
        let event = try summary(id)
        guard event.state != .succeeded else { throw .payloadGone(id) }
        guard version != 99 else { throw AdminError(.versionNotFound, "hello has no version 99.") }
        events.withLock { $0.replayedVersions.append(version) }
        return InvocationReference(id: FakeEvents.made, function: event.function)
    }

    package func queue() async throws(AdminError) -> QueueStatus {
        queueLooksContinuation.yield()
        return FakeEvents.queue
    }

    package func redrive(_ request: DeadLetterRequest) async throws(AdminError) -> DeadLetterResult { take(request) }

    package func purge(_ request: DeadLetterRequest) async throws(AdminError) -> DeadLetterResult { take(request) }

    package func schedules() async throws(AdminError) -> [ScheduleInfo] {
        [
            ScheduleInfo(
                name: "hello/0", function: "hello", spec: "*/5 * * * *", timezone: "Europe/Oslo",
                lastMilliseconds: Self.moment, nextMilliseconds: Self.moment + 300_000, fired: 7, skipped: 1)
        ]
    }

    package func runSchedule(_ name: String) async throws(AdminError) -> ScheduleRun {
        guard name == "hello/0" else { throw AdminError(.scheduleNotFound, "There is no schedule '\(name)'.") }
        events.withLock { $0.schedulesRun.append(name) }
        return ScheduleRun(id: FakeEvents.made)
    }

    package func erase(_ request: EraseRequest) async throws(AdminError) -> EraseResult {
        events.withLock { events in
            events.erasures.append(request)
            guard request.key == "customer-17" else { return EraseResult(erased: 0, running: 0) }
            let running = events.eraseRunning
            events.eraseRunning = 0
            return EraseResult(erased: request.rewrite == true ? 0 : 1, running: running)
        }
    }

    private func summary(_ id: InvocationID) throws(AdminError) -> EventSummary {
        guard let event = FakeEvents.summaries.first(where: { $0.id == id.description }) else {
            throw .invocationNotFound(id)
        }
        return event
    }

    /// Of 250 dead letters the youngest 20 are younger than any time that is asked for.
    private func take(_ request: DeadLetterRequest) -> DeadLetterResult {
        events.withLock { events in
            let before = events.deadLetterRequests.filter { $0.function == request.function }.map(\.limit)
            events.deadLetterRequests.append(request)
            let present = events.dead[request.function] ?? 0
            let young = max(0, 20 - before.reduce(0, +))
            let wanted = request.ids?.count ?? (request.sinceMilliseconds == nil ? present : young)
            let count = min(present, wanted, request.limit)
            events.dead[request.function] = present - count
            return DeadLetterResult(count: count, left: present - count)
        }
    }
}
