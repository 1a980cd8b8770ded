package import FunctionModel
import NIOCore
import RedisClient

extension EventStore {
    package func cancel(_ id: InvocationID, _ done: @escaping (Result<CancelOutcome, EventStoreError>) -> Void) {
        perform(call("glo_cancel", id.description), Self.readCancelled, done)
    }

    /// Nil when there is no such event (any more).
    package func get(_ id: InvocationID, _ done: @escaping (Result<EventDetail?, EventStoreError>) -> Void) {
        perform(call("glo_get", id.description), { Self.readDetail($0, of: id) }, done)
    }

    /// Events of a queue in one state, or (nil) in all of them. Ended ones: the last thousand.
    package func list(
        _ queue: EventQueue, _ state: EventState?, limit: Int, offset: Int = 0,
        _ done: @escaping (Result<[EventBrief], EventStoreError>) -> Void
    ) {
        let call = call("glo_list", queue.rawValue, state?.rawValue ?? "", String(limit), String(offset))
        perform(call, Self.readList, done)
    }

    /// Lets dead letters run again, with all their attempts.
    package func redrive(
        _ queue: EventQueue, _ choice: DeadLetterChoice,
        _ done: @escaping (Result<DeadLetterReport, EventStoreError>) -> Void
    ) {
        perform(call("glo_redrive", queue, choice), Self.readDeadLetters, done)
    }

    /// Removes dead letters.
    package func purge(
        _ queue: EventQueue, _ choice: DeadLetterChoice,
        _ done: @escaping (Result<DeadLetterReport, EventStoreError>) -> Void
    ) {
        perform(call("glo_purge", queue, choice), Self.readDeadLetters, done)
    }

    package func erase(_ scope: ErasureScope, _ done: @escaping (Result<EraseReport, EventStoreError>) -> Void) {
        let call =
            switch scope {
            case .key(let key): call("glo_erase", "key", key)
            case .event(let id): call("glo_erase", "id", id.description)
            }
        perform(call, Self.readErased, done)
    }

    /// How full the queues are: of those named, or of all.
    package func stats(
        _ queues: [EventQueue] = [], _ done: @escaping (Result<[FunctionQueue], EventStoreError>) -> Void
    ) {
        var call = call("glo_stats")
        for queue in queues { call.add(queue.rawValue) }
        perform(call, Self.readStats, done)
    }

    private func call(_ name: StaticString, _ queue: EventQueue, _ choice: DeadLetterChoice) -> LibraryCall {
        switch choice {
        case .since(let milliseconds, let limit):
            return call(name, queue.rawValue, String(limit), String(max(milliseconds, 0)))
        case .ids(let ids):
            var call = call(name, queue.rawValue, String(ids.count), "0", "ids")
            for id in ids { call.add(id.description) }
            return call
        }
    }

    private static func readCancelled(_ value: RedisValue) -> CancelOutcome? {
        switch value.text {
        case "CANCELLED": .cancelled
        case "CANCELLING": .cancelling
        case "ENDED": .hasEnded
        case "NONE": .notFound
        default: nil
        }
    }

    private static func readDetail(_ value: RedisValue, of id: InvocationID) -> EventDetail?? {
        guard let items = value.items else { return nil }
        if items.isEmpty { return .some(nil) }
        return EventFields(items).detail(of: id).map { $0 }
    }

    private static func readList(_ value: RedisValue) -> [EventBrief]? {
        value.items?.compactMap { item in
            guard let fields = item.items, let id = fields.first?.invocationID else { return nil }
            return EventFields(fields, from: 1).brief(of: id)
        }
    }

    private static func readDeadLetters(_ value: RedisValue) -> DeadLetterReport? {
        guard let numbers = value.numbers, numbers.count == 2 else { return nil }
        return DeadLetterReport(changed: numbers[0], left: numbers[1])
    }

    private static func readErased(_ value: RedisValue) -> EraseReport? {
        guard let numbers = value.numbers, numbers.count == 2 else { return nil }
        return EraseReport(erased: numbers[0], running: numbers[1])
    }

    private static func readStats(_ value: RedisValue) -> [FunctionQueue]? {
        value.items?.compactMap { item in item.items.flatMap { FunctionQueue($0) } }
    }
}
