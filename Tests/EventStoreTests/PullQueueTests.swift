import EventStore
import Foundation
import FunctionModel
import NIOCore
import RedisClient
import Testing

@Suite("Pull queues")
struct PullQueueTests {
    private func create(
        _ store: StoreClient, _ name: String, _ change: (inout PullQueueChange) -> Void = { _ in }
    ) async throws -> PullQueueOutcome {
        var wanted = PullQueueChange()
        change(&wanted)
        return try await store.ask { [wanted] in $0.setQueue(name, wanted, creates: true, $1) }
    }

    private func receive(
        _ store: StoreClient, _ name: String = "q", limit: Int = 10, visibility: Int? = nil
    ) async throws -> [FetchedMessage] {
        try await store.ask { $0.receive(from: name, limit: limit, visibilityMilliseconds: visibility, $1) }
    }

    private func delete(
        _ store: StoreClient, _ message: FetchedMessage, from name: String = "q"
    ) async throws -> MessageOutcome {
        try await store.ask { $0.delete(message.claim, from: name, $1) }
    }

    private func state(_ store: StoreClient, _ name: String = "q") async throws -> PullQueue {
        try await store.ask { $0.queue(name, $1) }
    }

    @Test("What is published to a queue waits, is fetched once, and ends when it is deleted")
    func lifecycle() async throws {
        try await withStore { store in
            #expect(try await create(store, "q") == .done)
            #expect(try await create(store, "q") == .same)
            #expect(try await create(store, "q") { $0.delayMilliseconds = 1000 } == .differs)
            let outcome = try await store.publish("q", "hello", event: "01234567-89ab-4def-8123-456789abcdef")
            #expect(outcome == .accepted(event: "01234567-89ab-4def-8123-456789abcdef", []))
            #expect(try await state(store).ready == 1)
            let message = try #require(try await receive(store).first)
            #expect(String(buffer: message.payload) == "hello")
            #expect(message.event == "01234567-89ab-4def-8123-456789abcdef")
            #expect(message.receives == 1)
            #expect(try await receive(store).isEmpty)
            #expect(try await state(store).running == 1)
            #expect(try await delete(store, message) == .done)
            #expect(try await delete(store, message) == .gone)
            #expect(try await state(store).running == 0)
        }
    }

    @Test("A message whose time is over comes again; the old receipt counts until somebody else has it")
    func visibility() async throws {
        try await withStore { store in
            _ = try await create(store, "q")
            _ = try await store.publish("q", event: "1")
            _ = try await store.publish("q", event: "2")
            let first = try await receive(store, visibility: 0)
            #expect(first.count == 2)
            _ = try await store.tick()
            #expect(try await delete(store, first[0]) == .done)
            let again = try await receive(store)
            #expect(again.map(\.event) == ["2"])
            #expect(again.first?.receives == 2)
            #expect(try await delete(store, first[1]) == .stale)
            let claim = again[0].claim
            #expect(try await store.ask { $0.setVisibility(claim, of: "q", milliseconds: 0, $1) } == .done)
            #expect(try await store.ask { $0.setVisibility(claim, of: "q", milliseconds: 0, $1) } == .notInFlight)
            #expect(try await receive(store).first?.receives == 3)
        }
    }

    @Test("A message whose time is over is there at once, and so is one whose delay is")
    func promptly() async throws {
        try await withStore { store in
            _ = try await create(store, "q")
            _ = try await store.publish("q", event: "1")
            #expect(try await receive(store, visibility: 0).map(\.event) == ["1"])
            _ = try await store.publish("q", event: "2") { $0.delayMilliseconds = 60_000 }
            let delayed = try #require(try await store.list("@queue/q", .delayed).first).id.description
            for name in [":delayed", ":fn:@queue/q:delayed"] {
                try await store.redis("ZADD", store.key + name, "1", delayed)
            }
            #expect(try await receive(store).map(\.event) == ["1", "2"])
        }
    }

    @Test("A look at the clock says when the time of the next fetched message is over")
    func nextDue() async throws {
        try await withStore { store in
            _ = try await create(store, "q")
            _ = try await store.publish("q", event: "1")
            #expect(try await store.tick().nextDueAtMilliseconds == nil)
            _ = try await receive(store, visibility: 40_000)
            let report = try await store.tick()
            let due = try #require(report.nextDueAtMilliseconds)
            #expect((39_000...40_000).contains(due - report.nowMilliseconds))
        }
    }

    @Test("What was fetched for somebody who has gone is where it was, as if nobody had fetched it")
    func putBack() async throws {
        try await withStore { store in
            _ = try await create(store, "q")
            for event in ["1", "2", "3"] { _ = try await store.publish("q", event: event) { $0.group = "g" } }
            _ = try await store.publish("q", event: "4")
            let claims = try await receive(store).map(\.claim)
            #expect(try await store.ask { $0.putBack(claims, into: "q", $1) } == 4)
            #expect(try await store.ask { $0.putBack(claims, into: "q", $1) } == 0)
            let again = try await receive(store)
            #expect(again.map(\.event) == ["1", "2", "3", "4"])
            #expect(again.map(\.receives) == [1, 1, 1, 1])
        }
    }

    @Test("Whose time is over may have more of it while nobody else has the message")
    func prolonged() async throws {
        try await withStore { store in
            _ = try await create(store, "q")
            _ = try await store.publish("q", event: "1")
            let claim = try #require(try await receive(store, visibility: 0).first).claim
            _ = try await store.tick()
            #expect(try await store.ask { $0.setVisibility(claim, of: "q", milliseconds: 5000, $1) } == .done)
            #expect(try await receive(store).isEmpty)
            #expect(try await state(store).running == 1)
            #expect(try await store.ask { $0.delete(claim, from: "q", $1) } == .done)
            #expect(try await store.ask { $0.setVisibility(claim, of: "q", milliseconds: 5000, $1) } == .gone)
        }
    }

    @Test("A message that was fetched too often goes to the queue that is named, with its id, else to the dead letters")
    func redrive() async throws {
        try await withStore { store in
            _ = try await create(store, "dead")
            _ = try await create(store, "q") { $0.redrive = .after(receives: 1, target: "dead") }
            _ = try await store.publish("q", "x", event: "1")
            _ = try await receive(store, visibility: 0)
            _ = try await store.tick()
            #expect(try await receive(store).isEmpty)
            let moved = try #require(try await receive(store, "dead").first)
            #expect(moved.event == "1")
            #expect(String(buffer: moved.payload) == "x")
            #expect(moved.receives == 2)
            _ = try await store.ask { $0.emptyQueue("dead", drops: true, $1) }
            _ = try await store.publish("q", "y", event: "2")
            _ = try await receive(store, visibility: 0)
            _ = try await store.tick()
            #expect(try await receive(store).isEmpty)
            #expect(try await store.stats("@queue/q").dead == 1)
        }
    }

    @Test("When a function subscribes it is given what waits; then a queue gets nothing")
    func handover() async throws {
        try await withStore { store in
            _ = try await create(store, "q")
            for event in ["1", "2", "3"] { _ = try await store.publish("q", event, event: event) }
            let fetched = try #require(try await receive(store, limit: 1).first)
            try await store.configure("f", topics: ["q"])
            _ = try await store.tick()
            let claimed = try await store.claim("f", 10)
            #expect(claimed.map(\.event) == ["2", "3"])
            #expect(claimed.map(\.topic) == ["q", "q"])
            #expect(try await delete(store, fetched) == .done)
            _ = try await store.publish("q", event: "4")
            #expect(try await receive(store).isEmpty)
            #expect(try await store.claim("f", 10).map(\.event) == ["4"])
        }
    }

    @Test(
        "What a function fails at comes again after the queue's visibility, and goes to the queue that is named for it")
    func functionRedrive() async throws {
        try await withStore { store in
            _ = try await create(store, "dead")
            _ = try await create(store, "q") {
                $0.redrive = .after(receives: 2, target: "dead")
                $0.visibilityMilliseconds = 60_000
            }
            try await store.configure("f", topics: ["q"]) { $0.attempts = 7 }
            _ = try await store.publish("q", "the body", event: "1")
            let first = try await store.claimOne("f")
            guard case .retry(let due) = try await store.fail(first) else {
                throw Unexpected("no second try")
            }
            let now = Int(Date().timeIntervalSince1970 * 1000)
            #expect((50_000...60_000).contains(due - now))
            try await store.redis("ZADD", store.key + ":delayed", "1", first.id.description)
            _ = try await store.tick()
            #expect(try await store.fail(store.claimOne("f")) == .dead)
            let moved = try #require(try await receive(store, "dead").first)
            #expect(moved.event == "1" && String(buffer: moved.payload) == "the body")
            #expect(try await store.stats("f").dead == 0)
        }
    }

    @Test("A queue is emptied, and removed with all that it has")
    func removal() async throws {
        try await withStore { store in
            _ = try await create(store, "q")
            for event in ["1", "2", "3"] { _ = try await store.publish("q", event: event) }
            _ = try await store.publish("q", event: "4") { $0.delayMilliseconds = 60_000 }
            _ = try await receive(store, limit: 1)
            #expect(try await store.ask { $0.emptyQueue("q", drops: false, $1) } == 0)
            #expect(try await state(store).exists)
            _ = try await store.publish("q", event: "5")
            #expect(try await store.ask { $0.emptyQueue("q", drops: true, $1) } == 0)
            #expect(try await !state(store).exists)
            #expect(await store.refusal { try await store.publish("q", event: "6") }?.code == .topicNotFound)
        }
    }

    @Test("Queues and the topics of functions are listed")
    func list() async throws {
        try await withStore { store in
            _ = try await create(store, "b")
            try await store.configure("f", topics: ["a", "no/queue"])
            #expect(try await store.ask { $0.queues($1) } == ["a", "b"])
            #expect(try await state(store, "a").functions == 1)
            #expect(try await state(store, "a").settings == nil)
        }
    }

    @Test("Events of a disabled topic wait, others go on; they run when it is enabled, none the older for it")
    func disabled() async throws {
        try await withStore { store in
            try await store.configure("f", topics: ["x", "y"])
            _ = try await store.publish("x", event: "1")
            _ = try await store.publish("y", event: "2")
            func enable(_ disabled: [String]) async throws {
                try await store.ask {
                    $0.configure(name("f"), topics: ["x", "y"], disabled: disabled, EventFunctionSettings(), $1)
                }
            }
            try await enable(["x"])
            #expect(try await store.claim("f", 10).map(\.event) == ["2"])
            #expect(try await store.stats("f").waiting == 1)
            #expect(try await store.stats("f").ready == 0)
            try await enable([])
            #expect(try await store.claim("f", 10).map(\.event) == ["1"])
        }
    }

    @Test("A filtered event ends without a run and is counted apart")
    func filtered() async throws {
        try await withStore { store in
            let id = try await store.accept()
            let claim = try #require(try await store.claim("f").first?.claim)
            #expect(try await store.ask { $0.filter([claim], $1) } == 1)
            #expect(try await store.ask { $0.filter([claim], $1) } == 0)
            let detail = try await store.get(id)
            #expect(detail.brief.state == .succeeded)
            #expect(detail.brief.isFiltered)
            #expect(try await store.stats("f").counters.filtered == 1)
        }
    }
}
