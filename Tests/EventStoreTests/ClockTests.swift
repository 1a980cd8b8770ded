import EventStore
import FunctionModel
import Testing

@Suite("The clock and lost owners")
struct ClockTests {
    @Test("Leases are taken back, at most as many as the limit, and the rest next time")
    func limits() async throws {
        try await withStore { store in
            for _ in 0..<5 { try await store.accept() }
            try await store.tick()
            for event in try await store.claim("f", 5) {
                try await store.redis("ZADD", store.key + ":leases", "1", event.id.description)
            }
            #expect(try await store.tick(limit: 3).crashed == 3)
            #expect(try await store.tick(limit: 3).crashed == 2)
            #expect(try await store.stats().ready == 5)
        }
    }

    @Test("When nobody looked for longer than a lease, owners get one more lease")
    func guardAfterSilence() async throws {
        try await withStore { store in
            let id = try await store.accept()
            let claimed = try await store.claimOne()
            let now = try await store.tick(lease: 10_000).nowMilliseconds
            try await store.redis("HSET", store.key + ":clock", "last", String(now - 10_500))
            try await store.redis("ZADD", store.key + ":leases", "1", id.description)
            #expect(try await store.tick(lease: 10_000).crashed == 0)
            #expect(try await store.tick(lease: 10_000).crashed == 0)
            let claim = claimed.claim
            let report = try await store.ask {
                $0.extend(owner: "me", leaseMilliseconds: StoreClient.lease, [claim], $1)
            }
            #expect(report == ExtendReport())
            // The guard's time is over and the lease was lost again.
            try await store.redis("HSET", store.key + ":clock", "guard", "1")
            #expect(try await store.loseLease(id, lease: 10_000).crashed == 1)
        }
    }

    @Test("When time went back, leases begin anew, and no lease ends too late")
    func backwards() async throws {
        try await withStore { store in
            let id = try await store.accept()
            _ = try await store.claimOne()
            let now = try await store.tick(lease: 10_000).nowMilliseconds
            try await store.redis("HSET", store.key + ":clock", "last", String(now + 3_600_000))
            try await store.redis("ZADD", store.key + ":leases", String(now + 3_610_000), id.description)
            #expect(try await store.tick(lease: 10_000).crashed == 0)
            let lease = try await store.number("ZSCORE", store.key + ":leases", id.description)
            #expect((now + 10_000...now + 600_000).contains(lease))
            let clockGuard = try await store.number("HGET", store.key + ":clock", "guard")
            #expect((now + 10_000...now + 600_000).contains(clockGuard))
        }
    }

    @Test("A guard that was left over from a later time counts for nothing")
    func leftOverGuard() async throws {
        try await withStore { store in
            let id = try await store.accept()
            _ = try await store.claimOne()
            let now = try await store.tick(lease: 10_000).nowMilliseconds
            try await store.redis("HSET", store.key + ":clock", "guard", String(now + 3_600_000))
            #expect(try await store.loseLease(id, lease: 10_000).crashed == 1)
        }
    }

    @Test("A controller takes back what its earlier boots had, and nothing else")
    func adopt() async throws {
        try await withStore { store in
            var ids: [InvocationID] = []
            for owner in ["host:1", "host:2", "hosting:1"] {
                ids.append(try await store.accept())
                _ = try await store.claimOne(owner: owner)
            }
            let count = try await store.ask { $0.adopt(ownerPrefix: "host:", owner: "host:2", $1) }
            #expect(count == 1)
            #expect(try await store.state(ids[0]) == .queued)
            #expect(try await store.state(ids[1]) == .running)
            #expect(try await store.state(ids[2]) == .running)
            #expect(try await store.get(ids[0]).brief.crashes == 1)
        }
    }

    @Test("What is due is moved in the order of its time, at most as many as the limit")
    func moves() async throws {
        try await withStore { store in
            for _ in 0..<4 {
                let id = try await store.accept { $0.delayMilliseconds = 60_000 }
                try await store.redis("ZADD", store.key + ":delayed", "1", id.description)
            }
            let first = try await store.tick(limit: 3)
            #expect(first.moved == 3)
            #expect(first.nextDueAtMilliseconds == 1)
            let second = try await store.tick(limit: 3)
            #expect(second.moved == 1)
            #expect(second.nextDueAtMilliseconds == nil)
        }
    }

    @Test("Dead letters that have expired are no longer counted")
    func forgets() async throws {
        try await withStore { store in
            let id = try await store.accept()
            _ = try await store.fail(store.claimOne(), isFinal: true)
            try await store.redis("DEL", store.key + ":inv:\(id)")
            try await store.redis("ZADD", store.key + ":dead", "1", "f:\(id)")
            #expect(try await store.stats().dead == 1)
            try await store.tick()
            #expect(try await store.stats().dead == 0)
        }
    }
}
