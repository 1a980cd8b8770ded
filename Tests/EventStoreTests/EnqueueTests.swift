import EventStore
import FunctionModel
import NIOCore
import RedisClient
import Testing

@Suite("Accepting an event")
struct EnqueueTests {
    @Test("An accepted event is claimed with everything that came with it")
    func carriesAll() async throws {
        try await withStore { store in
            let id = InvocationID.fresh()
            let outcome = try await store.enqueue("f", "{\"a\":1}", id: id) { event in
                event.contentType = "application/json"
                event.meta = ByteBuffer(string: "{\"method\":\"POST\"}")
                event.key = "k1"
                event.bodyHash = "abc"
                event.group = "g1"
                event.event = "order-1"
                event.source = "http"
                event.callback = "https://example.org/done"
                event.maxAgeMilliseconds = 60_000
                event.hops = 2
            }
            #expect(outcome == .accepted(id))
            let claimed = try await store.claimOne()
            #expect(claimed.id == id)
            #expect(claimed.queue == EventQueue(name("f")))
            #expect(claimed.generation == 1)
            #expect(claimed.attempt == 1)
            #expect(claimed.maxAttempts == 3)
            #expect(claimed.crashes == 0)
            #expect(String(buffer: claimed.payload) == "{\"a\":1}")
            #expect(claimed.contentType == "application/json")
            #expect(claimed.meta.map { String(buffer: $0) } == "{\"method\":\"POST\"}")
            #expect(claimed.key == "k1")
            #expect(claimed.group == "g1")
            #expect(claimed.event == "order-1")
            #expect(claimed.source == "http")
            #expect(claimed.topic == nil)
            #expect(claimed.ref == nil)
            #expect(claimed.hops == 2)
            #expect(claimed.expiresAtMilliseconds == claimed.acceptedAtMilliseconds + 60_000)
        }
    }

    @Test("An event without options has the function's settings and its own id as the event's")
    func defaults() async throws {
        try await withStore { store in
            try await store.configure {
                $0.attempts = 7
                $0.maxAgeMilliseconds = 5_000
            }
            let id = try await store.accept("f", "")
            let claimed = try await store.claimOne()
            #expect(claimed.event == id.description)
            #expect(claimed.maxAttempts == 7)
            #expect(claimed.expiresAtMilliseconds == claimed.acceptedAtMilliseconds + 5_000)
            #expect(claimed.payload.readableBytes == 0)
        }
    }

    @Test("The same id again changes nothing, whatever comes with it")
    func sameID() async throws {
        try await withStore { store in
            let id = try await store.accept("f", "1")
            #expect(try await store.enqueue("f", "2", id: id) == .repeated(id))
            #expect(try await store.claim("f", 10).count == 1)
            #expect(try await store.enqueue("f", "2", id: id) == .repeated(id))
            #expect(try await store.stats().counters.accepted == 1)
        }
    }

    @Test("An idempotency key with the same body is the first event, with another body a mismatch")
    func idempotency() async throws {
        try await withStore { store in
            let first = try await store.accept {
                $0.key = "k"
                $0.bodyHash = "aa"
            }
            let same = try await store.enqueue {
                $0.key = "k"
                $0.bodyHash = "aa"
            }
            let other = try await store.enqueue {
                $0.key = "k"
                $0.bodyHash = "bb"
            }
            #expect(same == .repeated(first))
            #expect(other == .mismatch(first))
            #expect(try await store.stats().counters.accepted == 1)
            let lifetime = try await store.number("PTTL", store.key + ":idem:fn:f:k")
            #expect((86_000_000...86_400_000).contains(lifetime))
        }
    }

    @Test("A key belongs to one function")
    func keyScope() async throws {
        try await withStore { store in
            try await store.configure("topic", topics: ["x"])
            try await store.accept("topic") { $0.key = "x:k" }
            try await store.accept("g") { $0.key = "k" }
            let published = try await store.publish("x", event: "e") { $0.key = "k" }
            guard case .accepted = published else {
                Issue.record("a key of a function was taken for one of a topic")
                return
            }
        }
    }

    @Test("A full queue takes nothing more, and remembers no key of what it refused")
    func queueBound() async throws {
        try await withStore { store in
            try await store.configure { $0.queue = 3 }
            try await store.accept()
            try await store.accept { $0.delayMilliseconds = 60_000 }
            try await store.accept { $0.group = "g" }
            await #expect(throws: EventStoreError.self) { try await store.enqueue { $0.key = "k" } }
            let error = await store.refusal { try await store.enqueue { $0.group = "g" } }
            #expect(error?.code == .queueFull)
            #expect(error?.mayHaveHappened == false)
            _ = try await store.claim("f", 1)
            let again = try await store.enqueue { $0.key = "k" }
            guard case .accepted = again else {
                Issue.record("the key was remembered")
                return
            }
        }
    }

    @Test("Lower priorities go first, and equal ones in their order")
    func priorities() async throws {
        try await withStore { store in
            try await store.configure { $0.priority = 3 }
            let a = try await store.accept { $0.priority = 9 }
            let b = try await store.accept()
            let c = try await store.accept { $0.priority = 0 }
            let d = try await store.accept()
            #expect(try await store.claim("f", 10).map(\.id) == [c, b, d, a])
            #expect(try await store.get(a).brief.priority == 9)
            #expect(try await store.get(b).brief.priority == 3)
        }
    }

    @Test("A delay and a time are waited for, and a time in the past is now")
    func delays() async throws {
        try await withStore { store in
            let late = try await store.accept { $0.delayMilliseconds = 100_000 }
            let now = try await store.tick().nowMilliseconds
            let timed = try await store.accept { $0.atMilliseconds = now + 50_000 }
            let past = try await store.accept { $0.atMilliseconds = 5 }
            #expect(try await store.claim("f", 10).map(\.id) == [past])
            #expect(try await store.state(late) == .delayed)
            #expect(try await store.get(timed).brief.notBeforeMilliseconds == now + 50_000)
            #expect(try await store.tick().nextDueAtMilliseconds == now + 50_000)
            let report = try await store.makeDue(late)
            #expect(report.moved == 1)
            #expect(try await store.claim("f", 10).map(\.id) == [late])
        }
    }

    @Test("Whoever gives no id gets one")
    func makesIDs() async throws {
        try await withStore { store in
            let one = try await store.call("glo_enqueue", "", "f", "{}")
            let two = try await store.call("glo_enqueue", "", "f", "{}")
            let ids = [one, two].compactMap { $0.array?.last?.string.flatMap { InvocationID($0) } }
            #expect(Set(ids).count == 2)
            #expect(Set(try await store.claim("f", 5).map(\.id)) == Set(ids))
        }
    }
}
