@testable import EventStore
import FunctionModel
import NIOCore
import RedisClient
import Testing

@Suite("A Redis that is full or new")
struct FullRedisTests {
    @Test("A full Redis takes no more events, and what it took is run to the end")
    func drains() async throws {
        try await withStore(["--maxmemory-policy", "noeviction"]) { store in
            try await store.configure { $0.onFailure = "topic:alarms" }
            try await store.configure("alarms", topics: ["alarms"])
            let used = try await store.send(RedisCommand("INFO", "memory")).string ?? ""
            let bytes =
                used.split(separator: "\r\n").first { $0.hasPrefix("used_memory:") }
                .flatMap { Int($0.dropFirst(12)) } ?? 0
            _ = try await store.send(RedisCommand("CONFIG", "SET", "maxmemory", String(bytes + 1_500_000)))
            let payload = String(repeating: "x", count: 1_000)
            var accepted: Set<InvocationID> = []
            var refusal: EventStoreError?
            while refusal == nil {
                do throws(EventStoreError) {
                    accepted.insert(try await self.accept(payload, store))
                } catch {
                    refusal = error
                }
            }
            #expect(refusal?.code == .full)
            #expect(refusal?.mayHaveHappened == false)
            #expect(accepted.count > 100)
            // From here on there is no room at all, also after some have ended.
            _ = try await store.send(RedisCommand("CONFIG", "SET", "maxmemory", "1000"))
            #expect(await store.refusal { try await store.publish("alarms", event: "1") }?.code == .full)
            var executed: Set<InvocationID> = []
            while true {
                let events = try await store.claim("f", 50)
                guard !events.isEmpty else { break }
                for (index, event) in events.enumerated() {
                    executed.insert(event.id)
                    if index % 10 == 9 {
                        #expect(try await store.fail(event, isFinal: true) == .dead)
                    } else {
                        #expect(try await store.complete(event) == .done)
                    }
                }
                try await store.tick()
            }
            #expect(executed == accepted)
            #expect(await store.refusal { try await store.enqueue() }?.code == .full)
            _ = try await store.send(RedisCommand("CONFIG", "SET", "maxmemory", "0"))
            #expect(try await store.stats("alarms").ready > 0)
        }
    }

    private func accept(_ payload: String, _ store: StoreClient) async throws(EventStoreError) -> InvocationID {
        do {
            return try await store.accept("f", payload)
        } catch let error as EventStoreError {
            throw error
        } catch {
            throw EventStoreError(code: .other, message: "\(error)", hint: "")
        }
    }

    @Test("The library is loaded where it is missing or older, and kept where it is newer")
    func loads() async throws {
        try await withServer { server in
            let first = try await StoreClient(server, namespace: "test")
            #expect(try await first.send(RedisCommand("FCALL", "glo_version", "0")).int == Int64(EventLibrary.version))
            try await first.replaceLibrary(version: 0)
            let second = try await StoreClient(server, namespace: "test")
            #expect(try await second.send(RedisCommand("FCALL", "glo_version", "0")).int == Int64(EventLibrary.version))
            try await first.replaceLibrary(version: 99)
            let third = try await StoreClient(server, namespace: "test")
            #expect(try await third.send(RedisCommand("FCALL", "glo_version", "0")).int == 99)
            for client in [first, second, third] { try await client.close() }
        }
    }

    @Test("A library of another major version is refused with the reason")
    func tooNew() async throws {
        guard case .run(let commands, let then) = EventLibrary.load() else { throw Unexpected("no step") }
        #expect(commands.count == 1)
        guard case .refuse(let error) = then([.integer(1_000)]) else { throw Unexpected("not refused") }
        #expect(error.message == "Redis holds version 1000 of Glo's library, which is too new for this Glo.")
        guard case .ready = then([.integer(Int64(EventLibrary.version))]) else { throw Unexpected("not ready") }
    }

    @Test("Without a connection everything fails at once, and a lost one leaves open what happened")
    func noConnection() async throws {
        try await withServer { server in
            let store = try await StoreClient(server, namespace: "test")
            try await store.accept()
            try await store.close()
            let error = await store.refusal { try await store.enqueue() }
            #expect(error?.code == .unavailable)
            #expect(error?.mayHaveHappened == false)
            #expect(EventStoreError(RedisError(.connectionLost, "lost")).mayHaveHappened)
            #expect(EventStoreError(RedisError(.timedOut, "late")).code == .timedOut)
            #expect(EventStoreError(RedisError(.timedOut, "late")).mayHaveHappened)
        }
    }

    @Test("A Redis that lost the library says so")
    func lostLibrary() async throws {
        try await withStore(checks: false) { store in
            _ = try await store.send(RedisCommand("FUNCTION", "FLUSH"))
            let error = await store.refusal { try await store.enqueue() }
            #expect(error?.code == .unavailable)
            #expect(error?.message == "Redis has lost Glo's function library.")
        }
    }

    @Test("When everything has ended and expired, no key of an event is left")
    func leavesNothing() async throws {
        try await withStore { store in
            try await store.configure(topics: ["t"]) {
                $0.onFailure = "function:g"
                $0.rate = .init(count: 1_000, perMilliseconds: 1_000)
            }
            _ = try await store.publish("t", event: "1") {
                $0.key = "k"
                $0.group = "g"
            }
            try await store.accept { $0.delayMilliseconds = 60_000 }
            _ = try await store.enqueue { $0.group = "g" }
            let claimed = try await store.claim("f", 10)
            _ = try await store.fail(claimed[0], isFinal: true)
            _ = try await store.complete(store.claimOne())
            _ = try await store.complete(store.claimOne("g"))
            _ = try await store.cancel(store.list("f", .delayed)[0].id)
            // What has a time to live goes by itself.
            let script = """
                for _, name in ipairs(redis.call('KEYS', '*')) do
                  if redis.call('PTTL', name) > 0 then redis.call('DEL', name) end
                end
                redis.call('ZADD', KEYS[1] .. ':dead', 'XX', 1, redis.call('ZRANGE', KEYS[1] .. ':dead', 0, 0)[1])
                return 1
                """
            _ = try await store.send(RedisCommand("EVAL", script, "1", store.key))
            try await store.tick()
            let left = Set(try await store.redis("KEYS", "*").strings.map { $0.dropFirst(store.key.count + 1) })
            #expect(
                left == [
                    "clock", "salt", "functions", "fn:f:cfg", "fn:f:n", "fn:f:topics", "fn:g:n", "topic:t:subs",
                ])
        }
    }
}

extension StoreClient {
    fileprivate func replaceLibrary(version: Int) async throws {
        let source = EventLibrary.source.replacing(
            "local VERSION = \(EventLibrary.version)\n", with: "local VERSION = \(version)\n")
        let answer = try await send(RedisCommand("FUNCTION", "LOAD", "REPLACE", source))
        #expect(answer.serverError == nil)
    }
}
