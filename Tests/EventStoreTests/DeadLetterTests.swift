@testable import EventStore
import FunctionModel
import NIOCore
import RedisClient
import Testing

@Suite("Dead letters, erasure and replay")
struct DeadLetterTests {
    private let queue = EventQueue(name("f"))

    private func kill(_ count: Int, _ store: StoreClient, _ change: (inout NewEvent) -> Void = { _ in }) async throws
        -> [InvocationID]
    {
        var ids: [InvocationID] = []
        for _ in 0..<count {
            ids.append(try await store.accept("f", "data", change))
            _ = try await store.fail(store.claimOne(), isFinal: true)
        }
        return ids
    }

    @Test("Redriven events have all their attempts again, and live")
    func redrive() async throws {
        try await withStore { [queue] store in
            let ids = try await kill(3, store)
            let report = try await store.ask { $0.redrive(queue, .since(milliseconds: 0, limit: 2), $1) }
            #expect(report == DeadLetterReport(changed: 2, left: 1))
            let claimed = try await store.claim("f", 5)
            #expect(claimed.map(\.id) == Array(ids[..<2]))
            #expect(claimed.allSatisfy { $0.attempt == 1 && $0.crashes == 0 })
            #expect(claimed.first.map { String(buffer: $0.payload) } == "data")
            #expect(try await store.get(ids[0]).redrives == 1)
            #expect(try await store.complete(claimed[0]) == .done)
        }
    }

    @Test("Only those that died since a time, or those named")
    func choices() async throws {
        try await withStore { [queue] store in
            let ids = try await kill(3, store)
            let now = try await store.tick().nowMilliseconds
            try await store.redis("ZADD", store.key + ":fn:f:dlq", String(now - 1_000_000), ids[0].description)
            let recent = try await store.ask {
                $0.redrive(queue, .since(milliseconds: now - 500_000, limit: 100), $1)
            }
            #expect(recent == DeadLetterReport(changed: 2, left: 1))
            let other = try await store.accept()
            let named = try await store.ask { [other] in
                $0.redrive(queue, .ids([other, .fresh(), ids[0], ids[0]]), $1)
            }
            #expect(named == DeadLetterReport(changed: 1, left: 0))
            let none = try await store.ask { $0.redrive(queue, .ids([]), $1) }
            #expect(none == DeadLetterReport(changed: 0, left: 0))
        }
    }

    @Test("A dead letter of another function is not touched")
    func otherFunction() async throws {
        try await withStore { store in
            let ids = try await kill(1, store)
            let report = try await store.ask { $0.redrive(EventQueue(name("g")), .ids(ids), $1) }
            #expect(report.changed == 0)
            let purged = try await store.ask { $0.purge(EventQueue(name("g")), .ids(ids), $1) }
            #expect(purged.changed == 0)
            #expect(try await store.state(ids[0]) == .dead)
        }
    }

    @Test("A redriven event goes to the end of its group")
    func redriveIntoGroup() async throws {
        try await withStore { [queue] store in
            let ids = try await kill(1, store) { $0.group = "g" }
            let head = try await store.accept { $0.group = "g" }
            _ = try await store.ask { $0.redrive(queue, .ids(ids), $1) }
            #expect(try await store.claim("f", 5).map(\.id) == [head])
            #expect(try await store.stats().waiting == 1)
        }
    }

    @Test("Purged ones are gone, with everything that pointed to them")
    func purge() async throws {
        try await withStore { [queue] store in
            let ids = try await kill(1, store) { $0.key = "k" } + kill(2, store)
            let report = try await store.ask { $0.purge(queue, .ids([ids[0]]), $1) }
            #expect(report == DeadLetterReport(changed: 1, left: 2))
            #expect(try await store.find(ids[0]) == nil)
            let rest = try await store.ask { $0.purge(queue, .since(milliseconds: 0, limit: 100), $1) }
            #expect(rest == DeadLetterReport(changed: 2, left: 0))
            #expect(try await store.number("EXISTS", store.key + ":key:k") == 0)
            #expect(try await store.list("f", nil).isEmpty)
        }
    }

    @Test("Erasing a key removes its events in every state, the records of them and what remembers the key")
    func erase() async throws {
        try await withStore { store in
            try await store.configure { $0.onSuccess = "function:next" }
            let waiting = try await store.accept { $0.key = "person" }
            let delayed = try await store.accept("g") {
                $0.key = "person"
                $0.delayMilliseconds = 60_000
            }
            _ = try await store.enqueue("h", "") { $0.key = "other" }
            _ = try await store.complete(store.claimOne())
            let record = try await store.claimOne("next")
            let first = try await store.ask { $0.erase(.key("person"), $1) }
            #expect(first == EraseReport(erased: 2, running: 1))
            #expect(try await store.find(waiting) == nil)
            #expect(try await store.find(delayed) == nil)
            #expect(try await store.fail(record) == .cancelled)
            let second = try await store.ask { $0.erase(.key("person"), $1) }
            #expect(second == EraseReport(erased: 1, running: 0))
            let left = try await store.redis("KEYS", "*person*").strings
            #expect(left.isEmpty)
            #expect(try await store.stats("h").ready == 1)
            let third = try await store.ask { $0.erase(.key("person"), $1) }
            #expect(third == EraseReport(erased: 0, running: 0))
        }
    }

    @Test("Erasing one event leaves the key's others")
    func eraseOne() async throws {
        try await withStore { store in
            let first = try await store.accept { $0.key = "k" }
            let second = try await store.accept("g") { $0.key = "k" }
            let report = try await store.ask { $0.erase(.event(first), $1) }
            #expect(report == EraseReport(erased: 1, running: 0))
            #expect(try await store.state(second) == .queued)
            #expect(try await store.number("EXISTS", store.key + ":idem:fn:f:k") == 0)
            #expect(try await store.number("EXISTS", store.key + ":idem:fn:g:k") == 1)
        }
    }

    @Test("A replay is an event of its own, unless the payload is gone")
    func replay() async throws {
        try await withStore { store in
            let dead = try await kill(1, store) {
                $0.contentType = "text/plain"
                $0.priority = 2
                $0.key = "k"
            }[0]
            let copy = InvocationID.fresh()
            #expect(try await store.ask { $0.replay(dead, as: copy, $1) } == .accepted(EventQueue(name("f"))))
            #expect(try await store.ask { $0.replay(dead, as: copy, $1) } == .repeated)
            let claimed = try await store.claimOne()
            #expect(claimed.id == copy)
            #expect(claimed.contentType == "text/plain")
            #expect(String(buffer: claimed.payload) == "data")
            #expect(try await store.get(copy).brief.replayOf == dead)
            #expect(try await store.get(copy).brief.priority == 2)
            #expect(try await store.get(copy).brief.key == "k")
            try await store.complete(claimed)
            #expect(try await store.ask { $0.replay(copy, as: .fresh(), $1) } == .payloadGone)
            #expect(try await store.ask { $0.replay(.fresh(), as: .fresh(), $1) } == .notFound)
            let empty = try await store.accept("f", "")
            #expect(try await store.ask { $0.replay(empty, as: .fresh(), $1) } == .accepted(EventQueue(name("f"))))
        }
    }

    @Test("Lists show each state, in pages")
    func lists() async throws {
        try await withStore { store in
            var ids: [InvocationID] = []
            for _ in 0..<4 { ids.append(try await store.accept { $0.group = "g" }) }
            let alone = try await store.accept()
            let delayed = try await store.accept { $0.delayMilliseconds = 60_000 }
            #expect(try await store.list("f", .queued).map(\.id) == [ids[0], alone] + ids[1...])
            #expect(try await store.list("f", .queued, limit: 2, offset: 1).map(\.id) == [alone, ids[1]])
            #expect(try await store.list("f", .queued, limit: 9, offset: 3).map(\.id) == [ids[2], ids[3]])
            #expect(try await store.list("f", .delayed).map(\.id) == [delayed])
            let claimed = try await store.claim("f", 2)
            #expect(Set(try await store.list("f", .running).map(\.id)) == [ids[0], alone])
            #expect(try await store.list("f", .running, limit: 5, offset: 1).count == 1)
            try await store.complete(claimed[0])
            _ = try await store.fail(claimed[1], isFinal: true)
            #expect(try await store.list("f", .succeeded).map(\.id) == [ids[0]])
            #expect(try await store.list("f", .dead).map(\.id) == [alone])
            #expect(try await store.list("f", nil).count == 6)
            #expect(try await store.list("f", nil, limit: 4, offset: 4).count == 2)
            #expect(try await store.list("g", nil).isEmpty)
            let brief = try await store.list("f", .dead).first
            #expect(brief?.maxAttempts == 3)
            #expect(brief?.version == "1")
        }
    }

    @Test("The numbers say how full each queue is")
    func stats() async throws {
        try await withStore { store in
            try await store.configure("a")
            try await store.accept("b")
            let all = try await store.ask { $0.stats([], $1) }
            #expect(all.map(\.queue.rawValue) == ["a", "b"])
            #expect(all[0].oldestMilliseconds == nil)
            #expect(all[1].ready == 1)
            #expect(all[1].oldestMilliseconds.map { (0..<60_000).contains($0) } == true)
        }
    }
}
