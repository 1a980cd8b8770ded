import EventStore
import Foundation
import FunctionModel
import NIOCore
import RedisClient
import Testing

@Suite("FIFO queues")
struct FIFOQueueTests {
    private func withQueue(
        _ change: (inout PullQueueChange) -> Void = { _ in }, _ body: (StoreClient) async throws -> Void
    ) async throws {
        try await withStore { store in
            try await create(store, "q.fifo", change)
            try await body(store)
        }
    }

    private func create(
        _ store: StoreClient, _ name: String = "q.fifo", _ change: (inout PullQueueChange) -> Void = { _ in }
    ) async throws {
        var wanted = PullQueueChange()
        change(&wanted)
        _ = try await store.ask { [wanted] in $0.setQueue(name, wanted, creates: true, $1) }
    }

    private func send(_ store: StoreClient, _ group: String, _ events: String...) async throws {
        for event in events { _ = try await store.publish("q.fifo", event: event) { $0.group = group } }
    }

    private func receive(
        _ store: StoreClient, _ limit: Int = 10, visibility: Int? = nil
    ) async throws -> [FetchedMessage] {
        try await store.ask { $0.receive(from: "q.fifo", limit: limit, visibilityMilliseconds: visibility, $1) }
    }

    private func delete(_ store: StoreClient, _ message: FetchedMessage) async throws -> MessageOutcome {
        try await store.ask { $0.delete(message.claim, from: "q.fifo", $1) }
    }

    private func change(
        _ store: StoreClient, _ message: FetchedMessage, _ milliseconds: Int
    ) async throws -> MessageOutcome {
        try await store.ask { $0.setVisibility(message.claim, of: "q.fifo", milliseconds: milliseconds, $1) }
    }

    private func empty(_ store: StoreClient, drops: Bool) async throws {
        while try await store.ask({ $0.emptyQueue("q.fifo", drops: drops, $1) }) > 0 {}
    }

    // MARK: Groups

    @Test("One receive takes as many of a group as it may, in their order; then none until those have ended")
    func several() async throws {
        try await withQueue { store in
            try await send(store, "g", "1", "2", "3", "4")
            try await send(store, "h", "5")
            let first = try await receive(store, 3)
            #expect(first.map(\.event) == ["1", "2", "3"])
            #expect(try await receive(store).map(\.event) == ["5"])
            #expect(try await delete(store, first[0]) == .done)
            #expect(try await delete(store, first[1]) == .done)
            #expect(try await receive(store).isEmpty)
            #expect(try await delete(store, first[2]) == .done)
            #expect(try await receive(store).map(\.event) == ["4"])
        }
    }

    // The rules that LocalStack's tests recorded on AWS: test_fifo_group_visibility_extends_with_change_message_visibility.
    @Test(
        "Messages of a group come again up to the first that is still out",
        arguments: [(0, []), (1, ["1"]), (2, ["1", "2"])] as [(Int, [String])])
    func partlyOut(kept: Int, again: [String]) async throws {
        try await withQueue { store in
            try await send(store, "g", "1", "2", "3")
            let taken = try await receive(store)
            for message in taken where message.event != taken[kept].event {
                try await store.redis("ZADD", store.key + ":leases", "1", message.claim.id.description)
            }
            #expect(try await receive(store).map(\.event) == again)
        }
    }

    @Test("Those of a group that were given back come in their order, behind other groups")
    func givenBack() async throws {
        try await withQueue { store in
            try await send(store, "g", "1", "2", "3")
            try await send(store, "h", "4")
            let taken = try await receive(store, 3)
            for message in [taken[2], taken[0], taken[1]] { #expect(try await change(store, message, 0) == .done) }
            #expect(try await receive(store, visibility: 0).map(\.event) == ["4", "1", "2", "3"])
            #expect(try await receive(store).map(\.receives) == [3, 3, 3, 2])
        }
    }

    @Test("The handle of a FIFO queue ends with its time")
    func expired() async throws {
        try await withQueue { store in
            try await send(store, "g", "1")
            let message = try #require(try await receive(store, visibility: 0).first)
            #expect(try await delete(store, message) == .stale)
            #expect(try await change(store, message, 5000) == .stale)
            #expect(try await receive(store).map(\.event) == ["1"])
        }
    }

    @Test("One of a group that is not due yet, and what is behind it, stays")
    func delays() async throws {
        try await withQueue { store in
            try await send(store, "g", "1")
            _ = try await store.publish("q.fifo", event: "2") {
                $0.group = "g"
                $0.delayMilliseconds = 60_000
            }
            try await send(store, "g", "3")
            let first = try await receive(store)
            #expect(first.map(\.event) == ["1"])
            #expect(try await delete(store, first[0]) == .done)
            #expect(try await receive(store).isEmpty)
        }
    }

    @Test("A group goes on behind what was fetched too often, and its queue of dead letters tells where it came from")
    func redrive() async throws {
        try await withStore { store in
            try await create(store, "dead.fifo")
            try await create(store) { $0.redrive = .after(receives: 1, target: "dead.fifo") }
            try await send(store, "g", "1", "2")
            #expect(try await receive(store, 1, visibility: 0).map(\.event) == ["1"])
            #expect(try await receive(store).map(\.event) == ["2"])
            let dead = try await store.ask { $0.receive(from: "dead.fifo", limit: 10, visibilityMilliseconds: nil, $1) }
            #expect(dead.map(\.event) == ["1"])
            #expect(dead.first?.deadLetterSource == "q.fifo")
        }
    }

    // MARK: Deduplication

    private func sendKeyed(
        _ store: StoreClient, _ event: String, key: String = "k", group: String = "g"
    ) async throws -> PublishOutcome {
        try await store.publish("q.fifo", event: event) {
            $0.group = group
            $0.key = key
            $0.keyMilliseconds = 300_000
        }
    }

    @Test("A queue that was purged or made anew knows no key of before", arguments: [false, true])
    func eras(drops: Bool) async throws {
        try await withQueue { store in
            #expect(try await sendKeyed(store, "1") == .accepted(event: "1", [], sequence: 1))
            #expect(try await sendKeyed(store, "2") == .repeated(event: "1", sequence: 1))
            try await empty(store, drops: drops)
            if drops { try await create(store) }
            guard case .accepted(event: "3", _, _) = try await sendKeyed(store, "3") else {
                throw Unexpected("taken for the repetition of what is gone")
            }
            #expect(try await receive(store).map(\.event) == ["3"])
            #expect(try await sendKeyed(store, "4") == .repeated(event: "3", sequence: drops ? 1 : 2))
        }
    }

    @Test("An event's own id is forgotten with its queue")
    func ids() async throws {
        try await withQueue { store in
            try await send(store, "g", "1")
            let message = try #require(try await receive(store).first)
            #expect(try await delete(store, message) == .done)
            #expect(try await store.publish("q.fifo", event: "1") == .repeated(event: "1"))
            try await empty(store, drops: false)
            try await send(store, "g", "1")
            #expect(try await receive(store).map(\.event) == ["1"])
        }
    }

    @Test("A key is known for the time that its sender says, also after its message is deleted")
    func window() async throws {
        try await withQueue { store in
            _ = try await sendKeyed(store, "1")
            let message = try #require(try await receive(store).first)
            #expect(try await delete(store, message) == .done)
            #expect(try await sendKeyed(store, "2") == .repeated(event: "1", sequence: 1))
            let names = try await store.send(RedisCommand("EVAL", "return redis.call('KEYS', '*:idem:*')", "0")).strings
            #expect(names.count == 1)
            #expect(try await (290_000...300_000).contains(store.number("PTTL", names.first ?? "")))
        }
    }

    @Test("Keys may count within a group")
    func byGroup() async throws {
        try await withQueue({ $0.deduplicatesByGroup = true }) { store in
            _ = try await sendKeyed(store, "1", group: "g")
            _ = try await sendKeyed(store, "2", group: "h")
            #expect(try await sendKeyed(store, "3", group: "h") == .repeated(event: "2", sequence: 2))
            #expect(try await receive(store).map(\.event) == ["1", "2"])
        }
    }

    @Test("What is erased by its key may be sent again")
    func erasure() async throws {
        try await withQueue { store in
            _ = try await sendKeyed(store, "1")
            _ = try await store.ask { $0.erase(.key("k"), $1) }
            guard case .accepted(event: "2", _, _) = try await sendKeyed(store, "2") else {
                throw Unexpected("its key outlives it")
            }
        }
    }

    // MARK: Functions

    private func configure(_ store: StoreClient, together: [String: Int]) async throws {
        try await store.ask {
            $0.configure(name("f"), topics: ["q.fifo", "r"], together: together, EventFunctionSettings(), $1)
        }
    }

    @Test("A function with batches is given several of a group at once, others one after the other")
    func batches() async throws {
        try await withStore { store in
            try await configure(store, together: ["q.fifo": 3])
            try await send(store, "g", "1", "2", "3", "4")
            for event in ["5", "6"] { _ = try await store.publish("r", event: event) { $0.group = "h" } }
            let claimed = try await store.claim("f", 10)
            #expect(claimed.map(\.event) == ["1", "2", "3", "5"])
            #expect(try await store.claim("f", 10).isEmpty)
            for event in claimed { #expect(try await store.complete(event) == .done) }
            #expect(try await store.claim("f", 10).map(\.event) == ["4", "6"])
        }
    }

    @Test("What failed and what is behind it comes again together, in order, whichever is reported first")
    func failures() async throws {
        try await withStore { store in
            try await configure(store, together: ["q.fifo": 10])
            try await send(store, "g", "1", "2", "3", "4")
            let claimed = try await store.claim("f", 10)
            #expect(claimed.count == 4)
            #expect(try await store.release(claimed[3]) == .done)
            guard case .retry = try await store.fail(claimed[2], retryAfter: 60_000) else {
                throw Unexpected("no retry")
            }
            #expect(try await store.complete(claimed[0]) == .done)
            guard case .retry = try await store.fail(claimed[1], retryAfter: 60_000) else {
                throw Unexpected("no retry")
            }
            #expect(try await store.claim("f", 10).isEmpty)
            try await store.makeDue(claimed[1].id)
            #expect(try await store.claim("f", 10).map(\.event) == ["2", "3", "4"])
        }
    }

    @Test("Another topic of the same group, a payload in a file and one that is delayed end what is taken together")
    func bounds() async throws {
        try await withStore { store in
            try await configure(store, together: ["q.fifo": 10, "r": 10])
            try await send(store, "g", "1", "2")
            _ = try await store.publish("r", event: "3") { $0.group = "g" }
            let first = try await store.claim("f", 10)
            #expect(first.map(\.event) == ["1", "2"])
            for event in first { #expect(try await store.complete(event) == .done) }
            let second = try await store.claim("f", 10)
            #expect(second.map(\.event) == ["3"])
            for event in second { #expect(try await store.complete(event) == .done) }
            try await send(store, "g", "4")
            _ = try await store.publish("q.fifo", event: "5") {
                $0.group = "g"
                $0.delayMilliseconds = 60_000
            }
            #expect(try await store.claim("f", 10).map(\.event) == ["4"])
        }
    }

    @Test("A function is told which queue gave a message up")
    func source() async throws {
        try await withStore { store in
            try await create(store, "live") { $0.redrive = .after(receives: 1, target: "r") }
            try await configure(store, together: [:])
            _ = try await store.publish("live", event: "1")
            func fetch() async throws -> [FetchedMessage] {
                try await store.ask { $0.receive(from: "live", limit: 1, visibilityMilliseconds: 0, $1) }
            }
            #expect(try await fetch().count == 1)
            #expect(try await fetch().isEmpty)
            #expect(try await store.claim("f", 10).map(\.deadLetterSource) == ["live"])
        }
    }
}
