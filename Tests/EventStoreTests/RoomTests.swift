import EventStore
import FunctionModel
import NIOCore
import RedisClient
import Testing

@Suite("Room for new events")
struct RoomTests {
    private func used(_ store: StoreClient) async throws -> Int {
        let text = try await store.send(RedisCommand("INFO", "memory")).string ?? ""
        let line = text.split(separator: "\r\n").first { $0.hasPrefix("used_memory:") }
        return line.flatMap { Int($0.dropFirst(12)) } ?? 0
    }

    private func limit(_ bytes: Int, _ store: StoreClient) async throws {
        _ = try await store.send(RedisCommand("CONFIG", "SET", "maxmemory", String(bytes)))
    }

    private func run(_ count: Int, result: String, _ store: StoreClient) async throws -> [InvocationID] {
        var ids: [InvocationID] = []
        for _ in 0..<count {
            ids.append(try await store.accept("f", String(repeating: "x", count: 300)))
            let event = try await store.claimOne()
            let ended = EventResult(
                version: "1", head: ByteBuffer(string: "{\"status\":200}"), body: ByteBuffer(string: result))
            _ = try await store.ask { $0.complete(event.claim, ended, $1) }
        }
        return ids
    }

    @Test("Results give way to new events, the oldest first, and none of what has not ended does")
    func givesWay() async throws {
        try await withStore(["--maxmemory-policy", "noeviction"], checks: false) { store in
            try await store.configure { $0.attempts = 1 }
            let base = try await used(store)
            let waiting = try await store.accept("other", "waits")
            let dead = try await store.accept("f", "dies")
            _ = try await store.fail(try await store.claimOne(), isFinal: true)
            let ended = try await run(1_000, result: String(repeating: "r", count: 2_000), store)
            try await limit((try await used(store)) * 100 / 99 + 50_000, store)
            // More than fits: each finds room, since results go.
            _ = try await run(1_000, result: String(repeating: "r", count: 2_000), store)
            #expect(try await used(store) - base > 1_000_000)
            #expect(try await store.state(ended[0]) == nil)
            #expect(try await store.state(waiting) == .queued)
            #expect(try await store.state(dead) == .dead)
        }
    }

    @Test("When all of it waits, new events are refused, and taken again once it has been run")
    func recovers() async throws {
        try await withStore(["--maxmemory-policy", "noeviction"], checks: false) { store in
            try await limit((try await used(store)) + 2_000_000, store)
            var accepted = 0
            while await store.refusal({ try await store.enqueue("f", String(repeating: "x", count: 500)) }) == nil {
                accepted += 1
            }
            #expect(accepted > 500)
            var ended = 0
            while true {
                let events = try await store.claim("f", 100)
                guard !events.isEmpty else { break }
                for event in events {
                    try await store.complete(event)
                    ended += 1
                }
            }
            #expect(ended == accepted)
            #expect(await store.refusal { try await store.enqueue() } == nil)
        }
    }

    @Test("An idempotency key outlives the result that gave way")
    func keys() async throws {
        try await withStore(["--maxmemory-policy", "noeviction"], checks: false) { store in
            let id = try await store.accept("f", "once") { $0.key = "k" }
            try await store.complete(try await store.claimOne())
            try await limit(1_000, store)
            let report = try await store.ask { $0.giveWay($1) }
            #expect(report.removed == 1)
            #expect(report.isFull)
            try await limit(0, store)
            #expect(try await store.state(id) == nil)
            #expect(try await store.enqueue("f", "once") { $0.key = "k" } == .repeated(id))
        }
    }

    @Test("An ended event takes a fraction of what it took while it waited", arguments: [300, 100_000])
    func small(payload: Int) async throws {
        try await withStore(["--hash-max-listpack-value", "256"]) { store in
            let id = try await store.accept("f", String(repeating: "x", count: payload))
            try await store.complete(try await store.claimOne())
            let key = "\(store.key):inv:\(id)"
            #expect(try await store.redis("OBJECT", "ENCODING", key).string == "listpack")
            #expect(try #require(try await store.redis("MEMORY", "USAGE", key).int) < 450)
            #expect(try await store.redis("PTTL", key).int ?? 0 > 0)
        }
    }

    @Test("The list of what has ended does not keep those that have disappeared")
    func shortList() async throws {
        try await withStore(checks: false) { store in
            let ids = try await run(100, result: "r", store)
            for id in ids { try await store.redis("DEL", "\(store.key):inv:\(id)") }
            _ = try await run(100, result: "r", store)
            #expect(try await store.redis("LLEN", "\(store.key):fn:f:ended").int ?? 999 <= 132)
        }
    }

    @Test("The totals count what waits, runs and is dead, over all functions")
    func totals() async throws {
        try await withStore { store in
            for _ in 0..<3 { try await store.accept("f") }
            try await store.accept("g") { $0.delayMilliseconds = 60_000 }
            _ = try await store.claimOne()
            try await store.configure("h") { $0.attempts = 1 }
            try await store.accept("h")
            _ = try await store.fail(try await store.claimOne("h"), isFinal: true)
            #expect(try await store.send(RedisCommand("FCALL_RO", "glo_totals", "1", store.key)).string == "3 1 1 5 0")
        }
    }
}

@Suite("Keys of callers")
struct CallerKeyTests {
    private func send(
        _ store: StoreClient, scope: String?, proof: String?, body: String = "b"
    ) async throws -> EnqueueOutcome {
        try await store.enqueue("f", body) { event in
            event.key = "order-7"
            event.bodyHash = body
            event.scope = scope
            event.proof = proof
        }
    }

    @Test("The same key of another caller is another key")
    func scopes() async throws {
        try await withStore { store in
            guard case .accepted(let first) = try await send(store, scope: "a", proof: "caller"),
                case .accepted(let second) = try await send(store, scope: "b", proof: "caller")
            else { throw Unexpected("not accepted") }
            #expect(try await send(store, scope: "a", proof: "caller") == .repeated(first))
            #expect(try await send(store, scope: "b", proof: "caller") == .repeated(second))
            #expect(try await send(store, scope: "a", proof: "caller", body: "x") == .mismatch(first))
        }
    }

    @Test("Who does not show the first sender's proof is not told the id", arguments: [nil, "other"] as [String?])
    func proofs(proof: String?) async throws {
        try await withStore { store in
            guard case .accepted(let id) = try await send(store, scope: "open", proof: "mine") else {
                throw Unexpected("not accepted")
            }
            #expect(try await send(store, scope: "open", proof: proof) == .known)
            #expect(try await send(store, scope: "open", proof: "mine") == .repeated(id))
            #expect(try await store.stats().ready == 1)
        }
    }

    @Test("Without any proof nobody is told, the first sender neither")
    func none() async throws {
        try await withStore { store in
            guard case .accepted = try await send(store, scope: "open", proof: nil) else { throw Unexpected("") }
            #expect(try await send(store, scope: "open", proof: nil) == .known)
        }
    }

    @Test("A key that was kept before callers were told apart is honoured, and its id is told to nobody")
    func older() async throws {
        try await withStore { store in
            guard case .accepted(let id) = try await send(store, scope: nil, proof: nil) else { throw Unexpected("") }
            #expect(try await send(store, scope: "a", proof: "caller") == .known)
            #expect(try await send(store, scope: nil, proof: nil) == .repeated(id))
            #expect(try await store.stats().ready == 1)
        }
    }

    @Test("Topics do the same")
    func topics() async throws {
        try await withStore { store in
            try await store.configure(topics: ["orders"])
            func publish(_ event: String, _ scope: String, _ proof: String) async throws -> PublishOutcome {
                try await store.publish("orders", event: event) { new in
                    new.key = "k"
                    new.scope = scope
                    new.proof = proof
                }
            }
            guard case .accepted = try await publish("1", "open", "p") else { throw Unexpected("") }
            #expect(try await publish("2", "open", "p") == .repeated(event: "1"))
            #expect(try await publish("3", "open", "q") == .known)
            guard case .accepted = try await publish("4", "b", "p") else { throw Unexpected("") }
        }
    }

    @Test("An erased event's key is forgotten, whoever it was of")
    func erased() async throws {
        try await withStore { store in
            guard case .accepted(let id) = try await send(store, scope: "a", proof: "caller") else {
                throw Unexpected("")
            }
            _ = try await store.ask { $0.erase(.key("order-7"), $1) }
            guard case .accepted(let next) = try await send(store, scope: "a", proof: "caller") else {
                throw Unexpected("")
            }
            _ = try await store.ask { $0.erase(.event(next), $1) }
            guard case .accepted = try await send(store, scope: "a", proof: "caller") else { throw Unexpected("") }
            #expect(id != next)
        }
    }
}
