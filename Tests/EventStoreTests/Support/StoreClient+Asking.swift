import EventStore
import FunctionModel
import NIOCore
import RedisClient

/// Shorthands with what most tests mean.
extension StoreClient {
    /// Milliseconds; so long that no lease ends because the machine is busy.
    static let lease = 36_000_000

    func enqueue(
        _ function: String = "f", _ payload: String = "{}", id: InvocationID = .fresh(),
        _ change: (inout NewEvent) -> Void = { _ in }
    ) async throws -> EnqueueOutcome {
        var event = NewEvent(id: id, payload: ByteBuffer(string: payload))
        change(&event)
        return try await ask { [event] in $0.enqueue(event, for: name(function), $1) }
    }

    /// Enqueues and gives the id.
    @discardableResult
    func accept(
        _ function: String = "f", _ payload: String = "{}", _ change: (inout NewEvent) -> Void = { _ in }
    ) async throws -> InvocationID {
        let outcome = try await enqueue(function, payload, change)
        guard case .accepted(let id) = outcome else { throw Unexpected("\(outcome)") }
        return id
    }

    func publish(
        _ topic: String, _ payload: String = "{}", event: String, _ change: (inout NewEvent) -> Void = { _ in }
    ) async throws -> PublishOutcome {
        var new = NewEvent(id: .fresh(), payload: ByteBuffer(string: payload))
        new.event = event
        change(&new)
        return try await ask { [new] in $0.publish(new, to: topic, $1) }
    }

    func configure(
        _ function: String = "f", topics: [String] = [], _ change: (inout EventFunctionSettings) -> Void = { _ in }
    ) async throws {
        var settings = EventFunctionSettings()
        change(&settings)
        try await ask { [settings] in $0.configure(name(function), topics: topics, settings, $1) }
    }

    func claim(_ queue: String = "f", _ limit: Int = 1, owner: String = "me") async throws -> [ClaimedEvent] {
        guard let queue = EventQueue(queue) else { throw Unexpected(queue) }
        return try await ask {
            $0.claim(owner: owner, leaseMilliseconds: Self.lease, [(queue: queue, limit: limit)], $1)
        }
    }

    /// Claims the one event that has to be there.
    func claimOne(_ queue: String = "f", owner: String = "me") async throws -> ClaimedEvent {
        guard let event = try await claim(queue, owner: owner).first else { throw Unexpected("nothing to claim") }
        return event
    }

    @discardableResult
    func complete(_ event: ClaimedEvent, _ body: String = "ok", ref: String? = nil) async throws -> FenceOutcome {
        let claim = event.claim
        let result = EventResult(
            version: "1", head: ByteBuffer(string: "{\"status\":200}"), body: ByteBuffer(string: body), ref: ref)
        return try await ask { $0.complete(claim, result, $1) }
    }

    @discardableResult
    func fail(
        _ event: ClaimedEvent, error: String = #"{"code":"x"}"#, random: Double = 0, retryAfter: Int? = nil,
        isFinal: Bool = false
    ) async throws -> FailOutcome {
        let claim = event.claim
        let run = FailedRun(
            version: "1", error: ByteBuffer(string: error), log: ByteBuffer(string: "line"), random: random,
            retryAfterMilliseconds: retryAfter, isFinal: isFinal)
        return try await ask { $0.fail(claim, run, $1) }
    }

    @discardableResult
    func release(_ event: ClaimedEvent, delay: Int = 0) async throws -> FenceOutcome {
        let claim = event.claim
        return try await ask { $0.release(claim, delayMilliseconds: delay, $1) }
    }

    @discardableResult
    func tick(limit: Int = 100, lease: Int = lease) async throws -> TickReport {
        try await ask { $0.tick(limit: limit, leaseMilliseconds: lease, $1) }
    }

    func cancel(_ id: InvocationID) async throws -> CancelOutcome { try await ask { $0.cancel(id, $1) } }

    func find(_ id: InvocationID) async throws -> EventDetail? { try await ask { $0.get(id, $1) } }

    /// The event that has to be there.
    func get(_ id: InvocationID) async throws -> EventDetail {
        guard let detail = try await find(id) else { throw Unexpected("no event \(id)") }
        return detail
    }

    func state(_ id: InvocationID) async throws -> EventState? { try await find(id)?.brief.state }

    func list(_ queue: String, _ state: EventState?, limit: Int = 100, offset: Int = 0) async throws -> [EventBrief] {
        guard let queue = EventQueue(queue) else { throw Unexpected(queue) }
        return try await ask { $0.list(queue, state, limit: limit, offset: offset, $1) }
    }

    func stats(_ queue: String = "f") async throws -> FunctionQueue {
        guard let queue = EventQueue(queue) else { throw Unexpected(queue) }
        guard let found = try await ask({ $0.stats([queue], $1) }).first else { throw Unexpected("no stats") }
        return found
    }

    /// Makes the lease of a run end long ago, and looks at the clock.
    @discardableResult
    func loseLease(_ id: InvocationID, lease: Int = lease) async throws -> TickReport {
        try await redis("ZADD", key + ":leases", "1", id.description)
        return try await tick(lease: lease)
    }

    /// Makes the time of a delayed event come, and looks at the clock.
    @discardableResult
    func makeDue(_ id: InvocationID) async throws -> TickReport {
        try await redis("ZADD", key + ":delayed", "1", id.description)
        return try await tick()
    }

    /// The error of an attempt that has to fail.
    func refusal<Answer>(_ attempt: () async throws -> Answer) async -> EventStoreError? {
        do {
            _ = try await attempt()
            return nil
        } catch {
            return error as? EventStoreError
        }
    }

    func number(_ words: String...) async throws -> Int {
        var command = RedisCommand("EVAL", "return redis.call(unpack(ARGV))", "0")
        for word in words { command.append(word) }
        return try await send(command).int.flatMap(Int.init(exactly:)) ?? -99
    }
}

func name(_ text: String) -> FunctionName {
    guard let name = FunctionName(text) else { preconditionFailure("a test uses a wrong name: \(text)") }
    return name
}

extension InvocationID {
    static func fresh() -> Self {
        var generator = SystemRandomNumberGenerator()
        return .random(using: &generator)
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension RedisValue {
    var strings: [String] { array?.compactMap(\.string) ?? [] }
}
