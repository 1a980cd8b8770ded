import EventStore
import FunctionModel
import NIOCore
import Testing

@Suite("Publishing to a topic")
struct PublishTests {
    @Test("Each subscriber gets an event of its own, once for each id of the producer's event")
    func fanOut() async throws {
        try await withStore { store in
            try await store.configure("a", topics: ["orders", "other"])
            try await store.configure("b", topics: ["orders"])
            try await store.configure("c", topics: ["other"])
            let outcome = try await store.publish("orders", "{\"n\":1}", event: "order-1")
            guard case .accepted(event: "order-1", let made, _) = outcome else { throw Unexpected("\(outcome)") }
            #expect(made.map(\.function) == [name("a"), name("b")])
            let again = try await store.publish("orders", "{\"n\":2}", event: "order-1")
            #expect(again == .repeated(event: "order-1"))
            for part in made {
                let claimed = try await store.claim(part.function.rawValue, 5)
                #expect(claimed.map(\.id) == [part.id])
                #expect(claimed.first?.event == "order-1")
                #expect(claimed.first?.topic == "orders")
                #expect(claimed.first.map { String(buffer: $0.payload) } == "{\"n\":1}")
            }
            #expect(try await store.claim("c").isEmpty)
        }
    }

    @Test("The same id in another topic is another event")
    func topicsApart() async throws {
        try await withStore { store in
            try await store.configure("a", topics: ["x", "y"])
            _ = try await store.publish("x", event: "1")
            let other = try await store.publish("y", event: "1")
            guard case .accepted = other else { throw Unexpected("\(other)") }
            #expect(try await store.claim("a", 5).count == 2)
        }
    }

    @Test("A subscriber that came later gets the event when it is published again")
    func lateSubscriber() async throws {
        try await withStore { store in
            try await store.configure("a", topics: ["x"])
            _ = try await store.publish("x", event: "1")
            try await store.configure("b", topics: ["x"])
            let again = try await store.publish("x", event: "1")
            guard case .accepted(event: "1", let made, _) = again else { throw Unexpected("\(again)") }
            #expect(made.count == 2)
            #expect(try await store.stats("a").ready == 1)
            #expect(try await store.stats("b").ready == 1)
        }
    }

    @Test("A topic that nobody takes is an error, and so it is after the last subscriber went")
    func noSubscriber() async throws {
        try await withStore { store in
            let never = await store.refusal { try await store.publish("x", event: "1") }
            #expect(never?.code == .topicNotFound)
            try await store.configure("a", topics: ["x"])
            try await store.ask { $0.withdraw(name("a"), $1) }
            let gone = await store.refusal { try await store.publish("x", event: "1") { $0.key = "k" } }
            #expect(gone?.code == .topicNotFound)
            try await store.configure("a", topics: ["x"])
            let outcome = try await store.publish("x", event: "1") { $0.key = "k" }
            guard case .accepted = outcome else { throw Unexpected("\(outcome)") }
        }
    }

    @Test("When one subscriber's queue is full, none gets the event")
    func allOrNone() async throws {
        try await withStore { store in
            try await store.configure("a", topics: ["x"])
            try await store.configure("b", topics: ["x"]) { $0.queue = 1 }
            _ = try await store.publish("x", event: "1")
            let error = await store.refusal { try await store.publish("x", event: "2") }
            #expect(error?.code == .queueFull)
            #expect(try await store.stats("a").ready == 1)
            // What is there is not in the way of publishing it again.
            #expect(try await store.publish("x", event: "1") == .repeated(event: "1"))
        }
    }

    @Test("A topic's idempotency key is looked at with the body")
    func idempotency() async throws {
        try await withStore { store in
            try await store.configure("a", topics: ["x"])
            let publish = { (event: String, hash: String) in
                try await store.publish("x", event: event) {
                    $0.key = "k|1"
                    $0.bodyHash = hash
                }
            }
            _ = try await publish("one|x", "h1")
            #expect(try await publish("two", "h1") == .repeated(event: "one|x"))
            #expect(try await publish("two", "h2") == .mismatch(event: "one|x"))
            #expect(try await store.stats("a").ready == 1)
        }
    }

    @Test("Subscriptions are what the last configuration says")
    func subscriptions() async throws {
        try await withStore { store in
            try await store.configure("a", topics: ["x", "y"])
            try await store.configure("a", topics: ["y", "z"])
            let topics = try await store.ask { $0.topics($1) }
            #expect(topics.map(\.function) == [name("a")])
            #expect(topics.first?.topics == ["y", "z"])
            #expect(await store.refusal { try await store.publish("x", event: "1") }?.code == .topicNotFound)
            let outcome = try await store.publish("z", event: "1")
            guard case .accepted = outcome else { throw Unexpected("\(outcome)") }
        }
    }

    @Test("Anybody can publish with one call")
    func byHand() async throws {
        try await withStore { store in
            try await store.configure("a", topics: ["orders"])
            try await store.call("glo_publish", "orders", "{\"by\":\"hand\"}")
            let claimed = try await store.claimOne("a")
            #expect(String(buffer: claimed.payload) == "{\"by\":\"hand\"}")
        }
    }
}
