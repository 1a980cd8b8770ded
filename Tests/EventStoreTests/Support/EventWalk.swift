@testable import EventStore
import FunctionModel
import NIOCore
import Testing

/// Random calls, each compared with what the model says of it.
struct EventWalk {
    private let store: StoreClient
    private var random: SeededGenerator
    private var model = EventModel()
    private var claims: [InvocationID: ClaimedEvent] = [:]
    /// Claims that were lost or ended, which nothing may come of.
    private var stale: [ClaimedEvent] = []
    private let functions = ["a", "b", "c"]

    init(_ store: StoreClient, seed: UInt64) {
        self.store = store
        random = SeededGenerator(seed: seed)
    }

    func prepare() async throws {
        try await store.configure("a", topics: ["t"])
        // Several of a group run together when they come from u.
        try await store.ask {
            $0.configure(name("b"), topics: ["t", "u"], together: ["u": 3], EventFunctionSettings(), $1)
        }
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<22: try await enqueue()
        case 22..<30: try await publish()
        case 30..<50: try await claim()
        case 50..<62: try await complete()
        case 62..<72: try await fail()
        case 72..<76: try await release()
        case 76..<80: try await crash()
        case 80..<84: try await makeDue()
        case 84..<89: try await cancel()
        case 89..<92: try await redrive()
        case 92..<94: try await remove()
        case 94..<96: try await replay()
        default: try await saySomethingStale()
        }
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &random) }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func enqueue() async throws {
        let function = pick(functions) ?? "a"
        let group = chance(40) ? "g\(Int.random(in: 0..<3, using: &random))" : nil
        let isDelayed = chance(15)
        let priority = Int.random(in: 0...9, using: &random)
        let id = InvocationID.random(using: &random)
        let outcome = try await store.enqueue(function, "payload", id: id) {
            $0.group = group
            $0.priority = priority
            $0.delayMilliseconds = isDelayed ? 3_600_000 : nil
        }
        #expect(outcome == .accepted(id))
        model.accept(id, function, group: group, isDelayed: isDelayed)
        if chance(10) { #expect(try await store.enqueue("c", "other", id: id) == .repeated(id)) }
    }

    private mutating func publish() async throws {
        let topic = chance(50) ? "t" : "u"
        let event = "event-\(Int.random(in: 0..<1_000_000, using: &random))"
        let group = chance(70) ? "g\(Int.random(in: 0..<2, using: &random))" : nil
        let outcome = try await store.publish(topic, event: event) { $0.group = group }
        guard case .accepted(_, let made, _) = outcome else { throw Unexpected("\(outcome)") }
        #expect(made.map(\.function.rawValue) == (topic == "t" ? ["a", "b"] : ["b"]))
        for part in made {
            model.accept(part.id, part.function.rawValue, group: group, isDelayed: false, topic: topic)
        }
        #expect(try await store.publish(topic, event: event) == .repeated(event: event))
    }

    private mutating func claim() async throws {
        let function = pick(functions) ?? "a"
        for event in try await store.claim(function, Int.random(in: 1...4, using: &random)) {
            #expect(model[event.id]?.state == .queued, "claimed what is not queued")
            #expect(
                !model.isBehind(event.id) || (function == "b" && event.topic == "u" && model.mayJoin(event.id)),
                "claimed what is not the first of its group")
            #expect(event.attempt == (model[event.id]?.attempts ?? -1) + 1)
            #expect(event.crashes == model[event.id]?.crashes)
            model.claim(event.id)
            claims[event.id] = event
        }
    }

    private mutating func takeClaim() -> ClaimedEvent? {
        guard let id = pick(claims.keys.sorted { $0.description < $1.description }),
            let event = claims.removeValue(forKey: id)
        else { return nil }
        stale.append(event)
        return event
    }

    private mutating func complete() async throws {
        guard let event = takeClaim() else { return }
        #expect(try await store.complete(event) == .done)
        model.complete(event.id)
    }

    private mutating func fail() async throws {
        guard let event = takeClaim() else { return }
        let (isFinal, waits) = (chance(10), chance(50))
        let outcome = try await store.fail(event, random: 0, retryAfter: waits ? 3_600_000 : nil, isFinal: isFinal)
        switch model.fail(event.id, isFinal: isFinal, waits: waits) {
        case .dead: #expect(outcome == .dead)
        case .cancelled: #expect(outcome == .cancelled)
        case .queued, .delayed, .running, .succeeded:
            guard case .retry = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }
    }

    private mutating func release() async throws {
        guard let event = takeClaim() else { return }
        let waits = chance(30)
        #expect(try await store.release(event, delay: waits ? 3_600_000 : 0) == .done)
        model.release(event.id, waits: waits)
    }

    private mutating func crash() async throws {
        guard let event = takeClaim() else { return }
        #expect(try await store.loseLease(event.id).crashed == 1)
        model.crash(event.id)
    }

    private mutating func makeDue() async throws {
        guard let id = pick(model.ids(.delayed)) else { return }
        #expect(try await store.makeDue(id).moved == 1)
        model.due(id)
    }

    private mutating func cancel() async throws {
        guard let id = chance(5) ? .random(using: &random) : pick(model.all) else { return }
        let expected = model.cancel(id)
        #expect(try await store.cancel(id) == expected)
    }

    private mutating func redrive() async throws {
        guard let id = pick(model.ids(.dead)), let function = model[id]?.function else { return }
        let report = try await store.ask { $0.redrive(EventQueue(name(function)), .ids([id]), $1) }
        #expect(report.changed == 1)
        model.redrive(id)
    }

    private mutating func remove() async throws {
        guard let id = pick(model.ids(.dead) + model.ids(.succeeded)), let event = model[id] else { return }
        if event.state == .dead, chance(50) {
            let report = try await store.ask { $0.purge(EventQueue(name(event.function)), .ids([id]), $1) }
            #expect(report.changed == 1)
        } else {
            #expect(try await store.ask { $0.erase(.event(id), $1) } == EraseReport(erased: 1, running: 0))
        }
        model.remove(id)
    }

    private mutating func replay() async throws {
        guard let id = pick(model.all), let event = model[id] else { return }
        let copy = InvocationID.random(using: &random)
        let outcome = try await store.ask { $0.replay(id, as: copy, $1) }
        if event.payloadGone {
            #expect(outcome == .payloadGone)
        } else {
            #expect(outcome == .accepted(EventQueue(name(event.function))))
            model.accept(copy, event.function, group: event.group, isDelayed: false, topic: event.topic)
        }
    }

    private mutating func saySomethingStale() async throws {
        guard let event = pick(stale) else { return }
        #expect(try await store.complete(event) == .stale)
        #expect(try await store.fail(event) == .stale)
        #expect(try await store.release(event) == .stale)
        let claim = event.claim
        let report = try await store.ask { $0.extend(owner: "me", leaseMilliseconds: StoreClient.lease, [claim], $1) }
        #expect(report.stale == [event.id])
    }

    /// Whether Redis and the model hold the same events in the same states.
    func compare() async throws {
        let census = try await Census(store)
        census.check()
        let stored = census.events.mapValues { $0["s"] ?? "" }
        let expected = model.all.map { ($0.description, model[$0]?.state.rawValue ?? "") }
        #expect(stored == Dictionary(uniqueKeysWithValues: expected))
    }

    /// Lets everything come to its end.
    mutating func drain() async throws {
        while true {
            while let event = takeClaim() {
                #expect(try await store.complete(event) == .done)
                model.complete(event.id)
            }
            for id in model.ids(.delayed) {
                #expect(try await store.makeDue(id).moved == 1)
                model.due(id)
            }
            for _ in 0..<functions.count * 4 { try await claim() }
            if claims.isEmpty, model.ids(.queued).isEmpty, model.ids(.delayed).isEmpty { return }
        }
    }
}
