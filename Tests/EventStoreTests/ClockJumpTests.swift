import DispatchCore
import EventStore
import FoundationEssentials
import FunctionModel
import NIOCore
import RedisClient
import Testing

/// Schedules while Redis' clock is set to and fro: the library is given a clock of the test's.
@Suite("Schedules and a clock that is set")
struct ClockJumpTests {
    private static let start = 1_700_000_000_000
    private static let period = 2_000

    /// Has the library read its time from a key.
    private func useOwnClock(_ store: StoreClient) async throws {
        let real = "local t = call('TIME')\n  return t[1] * 1000 + math.floor(t[2] / 1000)"
        let source = EventLibrary.source
        try #require(source.contains(real))
        let text = source.replacing(real, with: "return tonumber(call('GET', 'test:now'))")
        let reply = try await store.send(RedisCommand("FUNCTION", "LOAD", "REPLACE", text))
        #expect(reply.string == "glo")
    }

    private func set(_ now: Int, _ store: StoreClient) async throws {
        try await store.redis("SET", "test:now", "\(now)")
    }

    private func fire(_ at: Int, after: Int? = nil, _ store: StoreClient) async throws -> CronOutcome {
        let tick = CronTick(
            name: "s", atMilliseconds: at, function: name("f"), payload: ByteBuffer(string: "{}"), overlap: .allow,
            spec: "every", previousMilliseconds: after ?? at - Self.period)
        return try await store.ask { $0.cron(tick, $1) }
    }

    private func last(_ store: StoreClient) async throws -> Int {
        let states = try await store.ask { $0.cronState([(name: "s", spec: "every")], $1) }
        return try #require(states.first).lastAtMilliseconds
    }

    private func isFired(_ outcome: CronOutcome) -> Bool {
        if case .fired = outcome { true } else { false }
    }

    @Test("When the clock was an hour ahead for some ticks, schedules go on at once after it is right")
    func ahead() async throws {
        try await withStore(checks: false) { store in
            try await useOwnClock(store)
            try await set(Self.start, store)
            #expect(isFired(try await fire(Self.start, store)))
            let ahead = Self.start + 3_600_000
            for step in 0..<3 {
                try await set(ahead + step * Self.period, store)
                #expect(isFired(try await fire(ahead + step * Self.period, store)))
            }
            let back = Self.start + 10_000
            try await set(back, store)
            #expect(try await last(store) == back)
            for step in 1...5 {
                let tick = back + step * Self.period
                try await set(tick, store)
                #expect(isFired(try await fire(tick, store)), "\(step)")
            }
            // Those that have run while the clock was ahead do not run again.
            for step in 0..<5 {
                let tick = ahead + step * Self.period
                try await set(tick, store)
                #expect(isFired(try await fire(tick, store)) == (step >= 3), "\(step)")
            }
        }
    }

    @Test("A tick that lies ahead of Redis' clock is not taken, for the caller's clock is wrong")
    func early() async throws {
        try await withStore(checks: false) { store in
            try await useOwnClock(store)
            try await set(Self.start, store)
            #expect(try await fire(Self.start + 3_600_000, store) == .early(nowMilliseconds: Self.start))
            #expect(isFired(try await fire(Self.start + 1_000, store)))
        }
    }

    @Test(
        "Whatever the clock does, each tick runs at most once, and one that is due and has not run does",
        arguments: 0..<12)
    func seeded(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        try await withStore(checks: false) { store in
            try await useOwnClock(store)
            try await store.configure { $0.keepMilliseconds = 0 }
            let rule = ScheduleRule.every(Int64(Self.period))
            var (time, offset) = (Self.start, 0)
            var fired: Set<Int> = []
            var clock: ScheduleClock?
            for _ in 0..<200 {
                time += Int.random(in: 100...3_000, using: &random)
                if Int.random(in: 0..<30, using: &random) == 0 {
                    offset = [0, 3_600_000, -3_600_000, 7_200_000, 5_000, -5_000].randomElement(using: &random) ?? 0
                }
                let now = time + offset
                try await set(now, store)
                // A restart forgets what was handed out; otherwise the keeper knows it.
                if Int.random(in: 0..<10, using: &random) == 0 { clock = nil }
                var last = Int64(try await self.last(store))
                if let position = clock?.position, position <= Int64(now) { last = max(last, position) }
                clock = ScheduleClock(rule: rule, catchUp: .last, lastTick: last, now: Int64(now))
                for tick in (clock?.take(now: Int64(now)) ?? []).map(Int.init) {
                    let outcome = try await fire(tick, store)
                    if isFired(outcome) {
                        #expect(fired.insert(tick).inserted, "twice: \(tick)")
                    } else {
                        #expect(fired.contains(tick), "\(tick) was due and is \(outcome)")
                    }
                    // Nothing but the schedule itself remembers that it has run.
                    for event in try await store.claim("f", 10) {
                        try await store.complete(event)
                        try await store.redis("DEL", "\(store.key):inv:\(event.id)")
                    }
                }
            }
            #expect(fired.count > 20)
        }
    }

    @Test("Ticks are dealt with once by a calendar's expression too, over a change of the hour")
    func previous() throws {
        var trigger = ScheduleTrigger()
        trigger.cron = "30 2 * * *"
        trigger.timezone = "Europe/Oslo"
        let file = [UInt8](try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Europe/Oslo")))
        let rule = try ScheduleRule(trigger, in: TimeZoneRules(file: file))
        var tick = try #require(rule.next(after: Int64(Self.start)))
        for _ in 0..<400 {
            let next = try #require(rule.next(after: tick))
            #expect(rule.previous(before: next) == tick)
            tick = next
        }
    }
}

@Suite("What is known of the store's clock")
struct StoreClockTests {
    @Test("It goes on with the monotonic clock, whatever is done to the wall's")
    func goesOn() {
        var clock = StoreClock(wall: 5_000, monotonic: 100)
        #expect(clock.now(monotonic: 350) == 5_250)
        clock.told(9_000, wall: 5_300, monotonic: 400)
        #expect(clock.now(monotonic: 1_400) == 10_000)
    }

    @Test(
        "A wall's clock that leaves the monotonic one was set",
        arguments: [(900, false), (1_100, true), (-1_100, true)])
    func jumps(by milliseconds: Int64, hasJumped: Bool) {
        let clock = StoreClock(wall: 5_000, monotonic: 100)
        #expect(clock.hasJumped(wall: 15_000 + milliseconds, monotonic: 10_100) == hasJumped)
    }

    @Test("The store is asked again after a while")
    func ages() {
        let clock = StoreClock(wall: 0, monotonic: 0)
        #expect(!clock.isOld(monotonic: 30_000))
        #expect(clock.isOld(monotonic: 30_001))
    }
}
