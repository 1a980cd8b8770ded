import Testing

@testable import RedisServer

@Suite struct RedisProcessStateMachineTests {
    typealias Machine = RedisProcessStateMachine
    typealias State = Machine.State
    typealias Action = Machine.Action

    enum Event: CaseIterable {
        case start, foundNone, found, answered, ended, timeCame, stop
    }

    static let second: Int64 = 1_000_000_000
    static let pause: Int64 = 100_000_000

    static func apply(_ event: Event, to machine: inout Machine, now: Int64 = 0) -> Action {
        switch event {
        case .start: machine.start()
        case .foundNone: machine.foundNone()
        case .found: machine.found()
        case .answered: machine.answered(now: now)
        case .ended: machine.ended(now: now)
        case .timeCame: machine.timeCame(now: now)
        case .stop: machine.stop()
        }
    }

    /// Every state × event that can happen, at the moment 0.
    static let table: [(path: [Event], event: Event, action: Action, state: State)] = [
        ([], .start, .look, .adopting),
        ([], .answered, .none, .stopped),
        ([], .timeCame, .none, .stopped),
        ([], .stop, .finish, .stopped),
        ([.start], .start, .none, .adopting),
        ([.start], .foundNone, .start, .starting),
        ([.start], .found, .watch, .starting),
        ([.start], .answered, .none, .adopting),
        ([.start], .ended, .wait(until: pause), .backingOff(until: pause)),
        ([.start], .timeCame, .none, .adopting),
        ([.start], .stop, .none, .stopping),
        (starting, .start, .none, .starting),
        (starting, .answered, .announce, .running(since: 0)),
        (starting, .ended, .wait(until: pause), .backingOff(until: pause)),
        (starting, .timeCame, .none, .starting),
        (starting, .stop, .terminate, .stopping),
        (running, .start, .none, .running(since: 0)),
        (running, .answered, .none, .running(since: 0)),
        (running, .ended, .wait(until: pause), .backingOff(until: pause)),
        (running, .timeCame, .none, .running(since: 0)),
        (running, .stop, .terminate, .stopping),
        (backingOff, .start, .none, .backingOff(until: pause)),
        (backingOff, .answered, .none, .backingOff(until: pause)),
        (backingOff, .timeCame, .wait(until: pause), .backingOff(until: pause)),
        (backingOff, .stop, .finish, .stopped),
        (running + [.stop], .start, .none, .stopping),
        (running + [.stop], .answered, .none, .stopping),
        (running + [.stop], .ended, .finish, .stopped),
        (running + [.stop], .timeCame, .none, .stopping),
        (running + [.stop], .stop, .none, .stopping),
        ([.start, .stop], .foundNone, .finish, .stopped),
        ([.start, .stop], .found, .terminate, .stopping),
    ]
    static let starting: [Event] = [.start, .foundNone]
    static let running: [Event] = starting + [.answered]
    static let backingOff: [Event] = running + [.ended]

    @Test("Each event in each state has its one outcome", arguments: table.indices)
    func transition(_ index: Int) {
        let row = Self.table[index]
        var machine = Machine()
        for event in row.path { _ = Self.apply(event, to: &machine) }
        let action = Self.apply(row.event, to: &machine)
        #expect(action == row.action)
        #expect(machine.state == row.state)
    }

    @Test("A server that ends at its start is started less and less often, but for ever")
    func backoff() {
        var machine = Machine()
        var now: Int64 = 0
        var pauses: [Int64] = []
        _ = machine.start()
        for _ in 0..<40 {
            _ = machine.foundNone()
            guard case .wait(let until) = machine.ended(now: now) else { continue }
            pauses.append((until - now) / 1_000_000)
            now = until
            let action = machine.timeCame(now: now)
            #expect(action == .look)
        }
        #expect(pauses.prefix(8) == [100, 200, 400, 800, 1600, 3200, 5000, 5000])
        #expect(pauses.dropFirst(8).allSatisfy { $0 == 5000 })
        #expect(machine.starts == 40)
        #expect(machine.ends == 40)
    }

    @Test("A server that ran for a while is started again as soon as the first time")
    func proven() {
        var machine = Machine()
        _ = machine.start()
        for _ in 0..<5 {
            _ = machine.foundNone()
            _ = machine.ended(now: 0)
            _ = machine.timeCame(now: 5 * Self.second)
        }
        _ = machine.found()
        _ = machine.answered(now: 10 * Self.second)
        let action = machine.ended(now: 13 * Self.second)
        #expect(action == .wait(until: 13 * Self.second + Self.pause))
        #expect(machine.adoptions == 1)
    }

    @Test("A server that ends as soon as it answers counts as failing")
    func unproven() {
        var machine = Machine()
        _ = machine.start()
        var pauses: [Int64] = []
        for _ in 0..<3 {
            _ = machine.foundNone()
            _ = machine.answered(now: 0)
            if case .wait(let until) = machine.ended(now: Self.second) { pauses.append(until - Self.second) }
            _ = machine.timeCame(now: 20 * Self.second)
        }
        #expect(pauses == [Self.pause, 2 * Self.pause, 4 * Self.pause])
    }

    @Test(
        "Whatever happens, there is never more than one server, and a stop ends it", arguments: 0..<50 as Range<UInt64>)
    func random(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var machine = Machine()
        var (now, processes) = (Int64(0), 0)
        _ = machine.start()
        var isLooking = true
        for _ in 0..<500 {
            now += Int64.random(in: 0...6 * Self.second, using: &random)
            let action: Action
            switch Int.random(in: 0..<3, using: &random) {
            case 0 where isLooking:
                isLooking = false
                action = Bool.random(using: &random) ? machine.foundNone() : machine.found()
                if action == .start || action == .watch { processes += 1 }
            case 1 where processes > 0:
                if Bool.random(using: &random) {
                    action = machine.answered(now: now)
                } else {
                    processes -= 1
                    action = machine.ended(now: now)
                }
            default: action = machine.timeCame(now: now)
            }
            if action == .look { isLooking = true }
            #expect(processes + (isLooking ? 1 : 0) <= 1)
        }
        var action = machine.stop()
        if isLooking { action = machine.foundNone() }
        if action == .terminate { action = machine.ended(now: now) }
        #expect(action == .finish)
        #expect(machine.state == .stopped)
    }
}

/// SplitMix64, for tests that can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
