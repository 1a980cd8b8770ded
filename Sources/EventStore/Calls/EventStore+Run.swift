import FunctionModel
import NIOCore
import RedisClient

extension EventStore {
    /// Takes events to run them, at most so many of each queue. Those that are too old become dead letters instead.
    package func claim(
        owner: String, leaseMilliseconds: Int, _ wanted: [(queue: EventQueue, limit: Int)],
        _ done: @escaping (Result<[ClaimedEvent], EventStoreError>) -> Void
    ) {
        var call = call("glo_claim", owner, String(leaseMilliseconds))
        for (queue, limit) in wanted { call.add(queue.rawValue, limit) }
        perform(call, Self.readClaimed, done)
    }

    /// Renews leases.
    package func extend(
        owner: String, leaseMilliseconds: Int, _ claims: [EventClaim],
        _ done: @escaping (Result<ExtendReport, EventStoreError>) -> Void
    ) {
        var call = call("glo_extend", owner, String(leaseMilliseconds))
        for claim in claims { call.add(claim.id.description, claim.generation) }
        perform(call, Self.readExtended, done)
    }

    package func complete(
        _ claim: EventClaim, _ result: EventResult, _ done: @escaping (Result<FenceOutcome, EventStoreError>) -> Void
    ) {
        var call = call("glo_complete", claim.id.description, String(claim.generation), result.version)
        call.add(result.head)
        call.add(result.body)
        call.add(result.ref ?? "")
        perform(call, Self.readFence, done)
    }

    /// Ends events that their function does not want: no run, no record for a destination. Gives their number.
    package func filter(
        _ claims: [EventClaim], _ done: @escaping (Result<Int, EventStoreError>) -> Void
    ) {
        var call = call("glo_filter")
        for claim in claims { call.add(claim.id.description, claim.generation) }
        perform(call, \.number, done)
    }

    package func fail(
        _ claim: EventClaim, _ run: FailedRun, _ done: @escaping (Result<FailOutcome, EventStoreError>) -> Void
    ) {
        var call = call("glo_fail", claim.id.description, String(claim.generation), run.version)
        call.add(run.error)
        call.add(run.log)
        call.add(String(min(max(run.random, 0), 1)))
        call.add(max(run.retryAfterMilliseconds ?? 0, 0))
        call.add(run.isFinal ? "1" : "0")
        perform(call, Self.readFailed, done)
    }

    /// Gives an event back that has not begun, or whose end is not its fault: nothing is charged.
    package func release(
        _ claim: EventClaim, delayMilliseconds: Int = 0,
        _ done: @escaping (Result<FenceOutcome, EventStoreError>) -> Void
    ) {
        let call = call(
            "glo_release", claim.id.description, String(claim.generation), String(max(delayMilliseconds, 0)))
        perform(call, Self.readFence, done)
    }

    /// Moves what is due and takes back what lost its owner, at most `limit` of each. To be called each second or so.
    package func tick(
        limit: Int, leaseMilliseconds: Int, _ done: @escaping (Result<TickReport, EventStoreError>) -> Void
    ) {
        perform(call("glo_tick", String(limit), String(leaseMilliseconds)), Self.readTick, done)
    }

    /// Takes back what earlier boots of this controller had claimed: owners that start with the prefix and are not
    /// this one. Gives their number.
    package func adopt(
        ownerPrefix: String, owner: String, _ done: @escaping (Result<Int, EventStoreError>) -> Void
    ) {
        perform(call("glo_adopt", ownerPrefix, owner), \.number, done)
    }

    private static func readClaimed(_ value: RedisValue) -> [ClaimedEvent]? {
        guard let items = value.items else { return nil }
        var events: [ClaimedEvent] = []
        events.reserveCapacity(items.count)
        for item in items {
            guard let fields = item.items, let event = ClaimedEvent(fields) else { return nil }
            events.append(event)
        }
        return events
    }

    private static func readExtended(_ value: RedisValue) -> ExtendReport? {
        guard let items = value.items else { return nil }
        var report = ExtendReport()
        for index in stride(from: 0, to: items.count - 1, by: 2) {
            guard let id = items[index].invocationID else { return nil }
            switch items[index + 1].text {
            case "stale": report.stale.append(id)
            case "cancel": report.cancelling.append(id)
            default: return nil
            }
        }
        return report
    }

    private static func readFence(_ value: RedisValue) -> FenceOutcome? {
        switch value.text {
        case "OK": .done
        case "STALE": .stale
        default: nil
        }
    }

    private static func readFailed(_ value: RedisValue) -> FailOutcome? {
        guard let items = value.items else { return nil }
        switch items.first?.text {
        case "RETRY": return items.last?.number.map { .retry(atMilliseconds: $0) }
        case "DEAD": return .dead
        case "CANCELLED": return .cancelled
        case "STALE": return .stale
        default: return nil
        }
    }

    private static func readTick(_ value: RedisValue) -> TickReport? {
        guard let numbers = value.numbers, numbers.count >= 5 else { return nil }
        return TickReport(
            moved: numbers[0], crashed: numbers[1], poisoned: numbers[2],
            nextDueAtMilliseconds: numbers[3] < 0 ? nil : numbers[3], nowMilliseconds: numbers[4])
    }
}
