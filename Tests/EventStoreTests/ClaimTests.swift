import EventStore
import FunctionModel
import NIOCore
import RedisClient
import Testing

@Suite("Claiming")
struct ClaimTests {
    @Test("What waited too long is a dead letter and not claimed")
    func maxAge() async throws {
        try await withStore { store in
            let old = try await store.accept()
            let new = try await store.accept()
            try await store.redis("HSET", store.key + ":inv:\(old)", "ex", "1")
            #expect(try await store.claim("f", 1).map(\.id) == [new])
            let detail = try await store.get(old)
            #expect(detail.brief.state == .dead)
            #expect(detail.brief.lastError?.contains("\"expired\"") == true)
            #expect(detail.brief.attempts == 0)
        }
    }

    @Test("What waited too long and nobody claims is a dead letter at the next tick; what is younger stays")
    func maxAgeUnclaimed() async throws {
        try await withStore { store in
            try await store.configure { $0.onFailure = "function:alarm" }
            let old = try await store.accept()
            let new = try await store.accept()
            try await store.redis("HSET", store.key + ":inv:\(old)", "ex", "1")
            _ = try await store.tick()
            let detail = try await store.get(old)
            #expect(detail.brief.state == .dead)
            #expect(detail.brief.lastError?.contains("\"expired\"") == true)
            #expect(detail.brief.attempts == 0)
            #expect(try await store.state(new) == .queued)
            let record = try await store.claimOne("alarm")
            #expect(String(buffer: record.payload).contains("EventAgeExceeded"))
        }
    }

    @Test("Ticks end many that are too old, of every priority, behind those that are not, and not those that run")
    func manyAged() async throws {
        try await withStore { store in
            let running = try await store.accept()
            _ = try await store.claimOne()
            try await store.redis("HSET", store.key + ":inv:\(running)", "ex", "1")
            for _ in 0..<30 { try await store.accept { $0.priority = 0 } }
            for _ in 0..<120 {
                let id = try await store.accept { $0.priority = 5 }
                try await store.redis("HSET", store.key + ":inv:\(id)", "ex", "1")
            }
            for _ in 0..<3 { _ = try await store.tick(limit: 50) }
            let stats = try await store.stats()
            #expect(stats.dead == 120)
            #expect(stats.ready == 30)
            #expect(try await store.state(running) == .running)
        }
    }

    @Test("A qualifier comes back with its event")
    func qualifier() async throws {
        try await withStore { store in
            try await store.accept { $0.qualifier = "live" }
            let first = try #require(try await store.claim("f", 1).first)
            #expect(first.qualifier == "live")
            _ = try await store.complete(first)
            try await store.accept()
            #expect(try await store.claim("f", 1).first?.qualifier == nil)
        }
    }

    @Test("Many that are too old do not keep one call for ever, and none is lost")
    func manyExpired() async throws {
        try await withStore { store in
            for _ in 0..<250 { try await store.accept() }
            for id in try await store.redis("ZRANGE", store.key + ":fn:f:ready", "0", "-1").strings {
                try await store.redis("HSET", store.key + ":inv:\(id)", "ex", "1")
            }
            _ = try await store.claim("f", 10)
            let first = try await store.stats()
            #expect(first.dead > 0)
            #expect(first.dead < 250)
            while try await store.stats().ready > 0 { _ = try await store.claim("f", 10) }
            #expect(try await store.stats().dead == 250)
        }
    }

    @Test("No more run at once than the function allows")
    func concurrency() async throws {
        try await withStore { store in
            try await store.configure { $0.concurrency = 2 }
            for _ in 0..<5 { try await store.accept() }
            let claimed = try await store.claim("f", 10)
            #expect(claimed.count == 2)
            #expect(try await store.claim("f", 10).isEmpty)
            _ = try await store.complete(claimed[0])
            #expect(try await store.claim("f", 10).count == 1)
            try await store.configure { $0.concurrency = 0 }
            #expect(try await store.claim("f", 10).isEmpty)
        }
    }

    @Test("No more begin in a span of time than the rate says")
    func rate() async throws {
        try await withStore { store in
            try await store.configure { $0.rate = .init(count: 4, perMilliseconds: 4_000_000) }
            for _ in 0..<12 { try await store.accept() }
            #expect(try await store.claim("f", 3).count == 3)
            #expect(try await store.claim("f", 10).count == 1)
            #expect(try await store.claim("f", 10).isEmpty)
            // Half the span later.
            let now = try await store.tick().nowMilliseconds
            try await store.redis("HSET", store.key + ":fn:f:rate", "at", String(now - 2_000_000))
            #expect(try await store.claim("f", 10).count == 2)
            // A long time later: a burst, not more.
            try await store.redis("HSET", store.key + ":fn:f:rate", "at", "1")
            #expect(try await store.claim("f", 10).count == 4)
        }
    }

    @Test("A clock that went back does not stop the rate until it is where it was")
    func rateAndClock() async throws {
        try await withStore { store in
            try await store.configure { $0.rate = .init(count: 2, perMilliseconds: 1_000_000) }
            for _ in 0..<6 { try await store.accept() }
            #expect(try await store.claim("f", 10).count == 2)
            let now = try await store.tick().nowMilliseconds
            try await store.redis("HSET", store.key + ":fn:f:rate", "at", String(now + 3_600_000))
            #expect(try await store.claim("f", 10).isEmpty)
            #expect(try await store.number("HGET", store.key + ":fn:f:rate", "at") < now + 60_000)
        }
    }

    @Test("Of several functions each gives what it has")
    func several() async throws {
        try await withStore { store in
            for _ in 0..<3 { try await store.accept("a") }
            try await store.accept("b")
            let claimed = try await store.ask {
                $0.claim(
                    owner: "me", leaseMilliseconds: StoreClient.lease,
                    ["a", "none", "b"].map { (queue: EventQueue(name($0)), limit: 2) }, $1)
            }
            #expect(claimed.map(\.queue.rawValue) == ["a", "a", "b"])
        }
    }

    @Test("Of a group only the first runs; the next follows when it has succeeded, died or been cancelled")
    func groups() async throws {
        try await withStore { store in
            try await store.configure { $0.attempts = 2 }
            var ids: [InvocationID] = []
            for _ in 0..<5 { ids.append(try await store.accept { $0.group = "g" }) }
            let other = try await store.accept { $0.group = "h" }
            #expect(try await store.stats().waiting == 4)
            let claimed = try await store.claim("f", 10)
            #expect(claimed.map(\.id) == [ids[0], other])
            // It stays the first while it is tried again.
            _ = try await store.fail(claimed[0])
            let again = try await store.claim("f", 10)
            #expect(again.map(\.id) == [ids[0]])
            _ = try await store.complete(again[0])
            // One in the middle is cancelled, then the head.
            #expect(try await store.cancel(ids[3]) == .cancelled)
            #expect(try await store.cancel(ids[1]) == .cancelled)
            let third = try await store.claim("f", 10)
            #expect(third.map(\.id) == [ids[2]])
            #expect(try await store.fail(third[0], isFinal: true) == .dead)
            let last = try await store.claim("f", 10)
            #expect(last.map(\.id) == [ids[4]])
            // A lost lease keeps the order too.
            try await store.loseLease(ids[4])
            _ = try await store.complete(store.claimOne())
            #expect(try await store.number("EXISTS", store.key + ":fn:f:g:g") == 0)
        }
    }

    @Test("A delayed first one holds its group up, and a delayed follower is waited for")
    func delayedGroups() async throws {
        try await withStore { store in
            let head = try await store.accept {
                $0.group = "g"
                $0.delayMilliseconds = 60_000
            }
            let second = try await store.accept {
                $0.group = "g"
                $0.delayMilliseconds = 120_000
            }
            let third = try await store.accept { $0.group = "g" }
            #expect(try await store.claim("f", 10).isEmpty)
            #expect(try await store.state(second) == .queued)
            try await store.makeDue(head)
            _ = try await store.complete(store.claimOne())
            #expect(try await store.state(second) == .delayed)
            #expect(try await store.claim("f", 10).isEmpty)
            try await store.makeDue(second)
            _ = try await store.complete(store.claimOne())
            #expect(try await store.claim("f", 10).map(\.id) == [third])
        }
    }
}
