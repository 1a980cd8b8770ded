import EventStore
import FunctionModel
import NIOCore
import Testing

@Suite("Schedules")
struct CronTests {
    private func fire(
        _ store: StoreClient, _ at: Int, _ overlap: ScheduleTrigger.Overlap = .allow, spec: String = "s"
    ) async throws -> CronOutcome {
        let tick = CronTick(
            name: "nightly", atMilliseconds: at, function: name("f"), payload: ByteBuffer(string: "{}"),
            overlap: overlap, spec: spec, contentType: "application/json")
        return try await store.ask { $0.cron(tick, $1) }
    }

    private func states(_ store: StoreClient, spec: String = "s") async throws -> ScheduleState {
        guard let state = try await store.ask({ $0.cronState([(name: "nightly", spec: spec)], $1) }).first else {
            throw Unexpected("no state")
        }
        return state
    }

    @Test("A tick is fired once, and an earlier one not any more")
    func once() async throws {
        try await withStore { store in
            let outcome = try await fire(store, 2_000)
            guard case .fired(let id) = outcome else { throw Unexpected("\(outcome)") }
            #expect(try await fire(store, 2_000) == .old(lastAtMilliseconds: 2_000))
            #expect(try await fire(store, 1_000) == .old(lastAtMilliseconds: 2_000))
            let event = try await store.claimOne()
            #expect(event.id == id)
            #expect(event.event == "cron:nightly:2000")
            #expect(event.schedule == "nightly")
            #expect(event.source == "schedule")
            #expect(try await states(store).lastID == id)
        }
    }

    @Test("Five controllers fire 200 ticks exactly 200 times")
    func race() async throws {
        try await withServer { server in
            var clients: [StoreClient] = []
            for _ in 0..<5 { clients.append(try await StoreClient(server, namespace: "test")) }
            let fired = try await withThrowingTaskGroup(of: Int.self) { group in
                for client in clients {
                    group.addTask {
                        var count = 0
                        for tick in 1...200 {
                            if case .fired = try await self.fire(client, tick * 1_000) { count += 1 }
                        }
                        return count
                    }
                }
                return try await group.reduce(0, +)
            }
            let ready = try await clients[0].stats().ready
            // A tick that another controller has overtaken is old, and whoever overtook it saw it fired or old.
            #expect(fired == ready)
            #expect(fired <= 200)
            #expect(try await states(clients[0]).fired == fired)
            for client in clients { try await client.close() }
        }
    }

    @Test("Five controllers at each tick together fire it exactly once")
    func together() async throws {
        try await withServer { server in
            var clients: [StoreClient] = []
            for _ in 0..<5 { clients.append(try await StoreClient(server, namespace: "test")) }
            for tick in 1...60 {
                let fired = try await withThrowingTaskGroup(of: Int.self) { group in
                    for client in clients {
                        group.addTask {
                            if case .fired = try await self.fire(client, tick * 1_000) { 1 } else { 0 }
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(fired == 1)
            }
            #expect(try await clients[0].stats().ready == 60)
            for client in clients { try await client.close() }
        }
    }

    @Test("With skip a tick passes while the one before it is not over")
    func skips() async throws {
        try await withStore { store in
            let outcome = try await fire(store, 1_000, .skip)
            guard case .fired(let first) = outcome else { throw Unexpected("\(outcome)") }
            #expect(try await fire(store, 2_000, .skip) == .skipped(because: first))
            #expect(try await fire(store, 2_000, .skip) == .old(lastAtMilliseconds: 2_000))
            let event = try await store.claimOne()
            #expect(try await fire(store, 3_000, .skip) == .skipped(because: first))
            try await store.complete(event)
            let next = try await fire(store, 4_000, .skip)
            guard case .fired = next else { throw Unexpected("\(next)") }
            #expect(try await states(store).skipped == 2)
        }
    }

    @Test("With replace the one before is cancelled")
    func replaces() async throws {
        try await withStore { store in
            let outcome = try await fire(store, 1_000, .replace)
            guard case .fired(let first) = outcome else { throw Unexpected("\(outcome)") }
            let second = try await fire(store, 2_000, .replace)
            guard case .fired = second else { throw Unexpected("\(second)") }
            #expect(try await store.state(first) == .cancelled)
            let event = try await store.claimOne()
            _ = try await fire(store, 3_000, .replace)
            #expect(try await store.get(event.id).brief.isCancelling)
        }
    }

    @Test("With allow they run beside each other")
    func allows() async throws {
        try await withStore { store in
            for tick in 1...3 { _ = try await fire(store, tick * 1_000, .allow) }
            #expect(try await store.claim("f", 5).count == 3)
        }
    }

    @Test("A full queue lets a tick pass")
    func fullQueue() async throws {
        try await withStore { store in
            try await store.configure { $0.queue = 1 }
            try await store.accept()
            #expect(try await fire(store, 1_000) == .skipped(because: nil))
            #expect(try await states(store).skipped == 1)
        }
    }

    @Test("Another expression begins anew now, and the same one goes on")
    func specs() async throws {
        try await withStore { store in
            let first = try await states(store)
            #expect(first.lastAtMilliseconds == first.nowMilliseconds)
            #expect(try await states(store).lastAtMilliseconds == first.lastAtMilliseconds)
            let tick = first.nowMilliseconds + 60_000
            let outcome = try await fire(store, tick)
            guard case .fired(let id) = outcome else { throw Unexpected("\(outcome)") }
            let other = try await states(store, spec: "other")
            #expect(other.lastAtMilliseconds == other.nowMilliseconds)
            #expect(other.lastAtMilliseconds < tick)
            #expect(other.lastID == id)
            // The new expression has that tick too: it was fired.
            #expect(try await fire(store, tick, spec: "other") == .old(lastAtMilliseconds: tick))
        }
    }
}
