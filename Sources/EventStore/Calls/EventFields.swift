import FunctionModel
import NIOCore
import RedisClient

/// The fields of an event's hash by their short names in `glo.lua`.
struct EventFields {
    private let values: [String: RedisValue]

    /// Reads `field, value, …` from an index on.
    init(_ items: [RedisValue], from first: Int = 0) {
        var values: [String: RedisValue] = [:]
        for index in stride(from: first, to: items.count - 1, by: 2) {
            guard let name = items[index].text else { continue }
            values[name] = items[index + 1]
        }
        self.values = values
    }

    func text(_ name: String) -> String? { values[name]?.nonEmptyText }
    func bytes(_ name: String) -> ByteBuffer? { values[name]?.bytes }
    func number(_ name: String) -> Int? { values[name]?.text.flatMap { Int($0) } ?? values[name]?.number }

    func brief(of id: InvocationID) -> EventBrief? {
        guard let queue = text("f").flatMap(EventQueue.init), let state = text("s").flatMap(EventState.init),
            let acceptedAt = number("at"), let expiresAt = number("ex")
        else { return nil }
        return EventBrief(
            id: id, queue: queue, state: state, acceptedAtMilliseconds: acceptedAt,
            startedAtMilliseconds: number("st"), endedAtMilliseconds: number("en"),
            notBeforeMilliseconds: state.isTerminal ? nil : number("nb"), expiresAtMilliseconds: expiresAt,
            attempts: number("a") ?? 0, maxAttempts: number("ma") ?? 0, crashes: number("c") ?? 0,
            priority: (number("q") ?? 0) >> 40, version: text("v"), topic: text("t"),
            event: text("e") ?? id.description, key: text("k"), group: text("gr"), source: text("src"),
            contentType: text("ct"), lastError: text("err"), replayOf: text("rp").flatMap { InvocationID($0) },
            schedule: text("sc"), isCancelling: !state.isTerminal && text("x") != nil,
            isFiltered: text("flt") != nil)
    }

    func detail(of id: InvocationID) -> EventDetail? {
        guard let brief = brief(of: id) else { return nil }
        return EventDetail(
            brief: brief, generation: number("g") ?? 0, owner: text("o"), payload: payload,
            payloadRef: text("r"), isPayloadGone: text("gone") != nil, meta: bytes("m"), callback: text("cb"),
            hops: number("h") ?? 0, releases: number("rl") ?? 0, redrives: number("rd") ?? 0,
            resultHead: bytes("rm"), result: bytes("res"), resultRef: text("rr"), log: bytes("log"))
    }

    /// An empty payload is not stored.
    private var payload: ByteBuffer? {
        if let bytes = bytes("p") { return bytes }
        return text("gone") == nil && text("r") == nil ? ByteBuffer() : nil
    }
}
