import EventStore
import FunctionModel
import NIOCore
import Testing

@Suite("Running events")
struct RunTests {
    @Test("A success keeps the result, removes the payload and expires")
    func success() async throws {
        try await withStore { store in
            try await store.configure { $0.keepMilliseconds = 3_600_000 }
            let id = try await store.accept("f", "secret") { $0.meta = ByteBuffer(string: "{}") }
            let outcome = try await store.complete(store.claimOne(), "result")
            #expect(outcome == .done)
            let detail = try await store.get(id)
            #expect(detail.brief.state == .succeeded)
            #expect(detail.brief.attempts == 1)
            #expect(detail.brief.version == "1")
            #expect(detail.brief.endedAtMilliseconds != nil)
            #expect(detail.result.map { String(buffer: $0) } == "result")
            #expect(detail.resultHead.map { String(buffer: $0) } == "{\"status\":200}")
            #expect(detail.payload == nil)
            #expect(detail.isPayloadGone)
            #expect(detail.meta == nil)
            let lifetime = try await store.number("PTTL", store.key + ":inv:\(id)")
            #expect((3_500_000...3_600_000).contains(lifetime))
        }
    }

    @Test("Without keep the result is not stored, and the end is known for a minute")
    func keepNothing() async throws {
        try await withStore { store in
            try await store.configure { $0.keepMilliseconds = 0 }
            let id = try await store.accept()
            try await store.complete(store.claimOne(), "result")
            let detail = try await store.get(id)
            #expect(detail.result == nil)
            #expect((50_000...60_000).contains(try await store.number("PTTL", store.key + ":inv:\(id)")))
        }
    }

    @Test("With keepPayload the payload stays as long as the result")
    func keepPayload() async throws {
        try await withStore { store in
            try await store.configure { $0.keepPayload = true }
            let id = try await store.accept("f", "data")
            try await store.complete(store.claimOne())
            let detail = try await store.get(id)
            #expect(detail.payload.map { String(buffer: $0) } == "data")
            #expect(!detail.isPayloadGone)
        }
    }

    @Test("An older generation changes nothing, whatever it says")
    func fencing() async throws {
        try await withStore { store in
            let id = try await store.accept()
            let old = try await store.claimOne(owner: "first")
            try await store.loseLease(id)
            let new = try await store.claimOne(owner: "second")
            #expect(new.generation > old.generation)
            let before = try await store.redis("HGETALL", store.key + ":inv:\(id)")
            #expect(try await store.complete(old) == .stale)
            #expect(try await store.fail(old) == .stale)
            #expect(try await store.fail(old, isFinal: true) == .stale)
            #expect(try await store.release(old) == .stale)
            let oldClaim = old.claim
            let newClaim = new.claim
            let report = try await store.ask {
                $0.extend(owner: "first", leaseMilliseconds: StoreClient.lease, [oldClaim, newClaim], $1)
            }
            #expect(report.stale == [id])
            #expect(report.cancelling.isEmpty)
            #expect(try await store.redis("HGETALL", store.key + ":inv:\(id)") == before)
            #expect(try await store.complete(new) == .done)
            #expect(try await store.complete(new) == .stale)
            #expect(try await store.fail(new) == .stale)
            #expect(try await store.stats().counters.succeeded == 1)
        }
    }

    @Test("Words about an event that is not there are stale")
    func unknown() async throws {
        try await withStore { store in
            let id = try await store.accept()
            let event = try await store.claimOne()
            try await store.complete(event)
            try await store.redis("DEL", store.key + ":inv:\(id)")
            #expect(try await store.complete(event) == .stale)
            #expect(try await store.fail(event) == .stale)
            #expect(try await store.release(event) == .stale)
            #expect(try await store.cancel(id) == .notFound)
            #expect(try await store.find(id) == nil)
        }
    }

    @Test("A lease is renewed from now on")
    func extends() async throws {
        try await withStore { store in
            let id = try await store.accept()
            let claim = try await store.claimOne().claim
            try await store.redis("ZADD", store.key + ":leases", "1", id.description)
            let report = try await store.ask {
                $0.extend(owner: "me", leaseMilliseconds: StoreClient.lease, [claim], $1)
            }
            #expect(report == ExtendReport())
            #expect(try await store.tick().crashed == 0)
            #expect(try await store.state(id) == .running)
        }
    }

    @Test(
        "A retry waits up to the doubled bound, at most the cap, and the part of it that chance says",
        arguments: [
            (1, 0.0, 0), (1, 0.5, 500), (1, 1.0, 1_000), (2, 1.0, 2_000), (3, 0.25, 1_000), (4, 1.0, 5_000),
            (9, 0.1, 500),
        ])
    func jitter(attempt: Int, random: Double, expected: Int) async throws {
        try await withStore { store in
            try await store.configure {
                $0.attempts = 20
                $0.retryCapMilliseconds = 5_000
            }
            let id = try await store.accept()
            for _ in 1..<attempt { try await store.fail(store.claimOne(), random: 0) }
            let before = try await store.tick().nowMilliseconds
            let outcome = try await store.fail(store.claimOne(), random: random)
            let after = try await store.tick().nowMilliseconds
            guard case .retry(let at) = outcome else { throw Unexpected("\(outcome)") }
            #expect((before + expected...after + expected).contains(at))
            let detail = try await store.get(id)
            #expect(detail.brief.attempts == attempt)
            #expect(detail.brief.lastError == #"{"code":"x"}"#)
            #expect(detail.log.map { String(buffer: $0) } == "line")
        }
    }

    @Test("A function may ask for more time before the next try")
    func retryAfter() async throws {
        try await withStore { store in
            let id = try await store.accept()
            let before = try await store.tick().nowMilliseconds
            let outcome = try await store.fail(store.claimOne(), random: 0.1, retryAfter: 60_000)
            guard case .retry(let at) = outcome else { throw Unexpected("\(outcome)") }
            #expect(at >= before + 60_000)
            #expect(try await store.state(id) == .delayed)
            try await store.makeDue(id)
            let second = try await store.claimOne()
            #expect(second.attempt == 2)
            #expect(second.generation == 2)
        }
    }

    @Test("The last failed attempt makes a dead letter, and so does a failure that is final")
    func dies() async throws {
        try await withStore { store in
            try await store.configure { $0.attempts = 2 }
            let id = try await store.accept("f", "data")
            _ = try await store.fail(store.claimOne())
            #expect(try await store.fail(store.claimOne()) == .dead)
            let final = try await store.accept()
            #expect(try await store.fail(store.claimOne(), isFinal: true) == .dead)
            let own = try await store.accept { $0.priority = 1 }
            _ = try await store.call("glo_enqueue", InvocationID.fresh().description, "f", "", "attempts", "1")
            _ = try await store.complete(store.claimOne())
            #expect(try await store.fail(store.claimOne()) == .dead)
            let detail = try await store.get(id)
            #expect(detail.brief.state == .dead)
            #expect(detail.payload.map { String(buffer: $0) } == "data")
            #expect(try await store.state(final) == .dead)
            #expect(try await store.state(own) == .succeeded)
            #expect(try await store.stats().dead == 3)
            let lifetime = try await store.number("PTTL", store.key + ":inv:\(id)")
            #expect((1_209_500_000...1_209_600_000).contains(lifetime))
        }
    }

    @Test("Attempts, crashes and releases are counted apart")
    func charges() async throws {
        try await withStore { store in
            let id = try await store.accept()
            for _ in 0..<10 { #expect(try await store.release(store.claimOne()) == .done) }
            for _ in 0..<4 {
                _ = try await store.claimOne()
                #expect(try await store.loseLease(id).crashed == 1)
            }
            _ = try await store.fail(store.claimOne())
            let claimed = try await store.claimOne()
            #expect(claimed.attempt == 2)
            #expect(claimed.crashes == 4)
            #expect(try await store.get(id).releases == 10)
            #expect(try await store.stats().counters.crashed == 4)
        }
    }

    @Test("The fifth lost lease makes a dead letter")
    func poison() async throws {
        try await withStore { store in
            let id = try await store.accept()
            for round in 1...5 {
                _ = try await store.claimOne()
                let report = try await store.loseLease(id)
                #expect(report.crashed == 1)
                #expect(report.poisoned == (round == 5 ? 1 : 0))
            }
            let detail = try await store.get(id)
            #expect(detail.brief.state == .dead)
            #expect(detail.brief.lastError?.contains("\"poison\"") == true)
        }
    }

    @Test("A released event waits as long as it is told")
    func releaseDelay() async throws {
        try await withStore { store in
            let id = try await store.accept()
            _ = try await store.release(store.claimOne(), delay: 30_000)
            #expect(try await store.claim().isEmpty)
            #expect(try await store.state(id) == .delayed)
            try await store.makeDue(id)
            #expect(try await store.claimOne().attempt == 1)
        }
    }
}
