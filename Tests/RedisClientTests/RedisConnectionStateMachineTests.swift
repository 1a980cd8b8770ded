import NIOCore
import Testing

@testable import RedisClient

@Suite("The machine that keeps a connection up")
struct RedisConnectionStateMachineTests {
    enum Event: CaseIterable {
        case start
        case connected
        case setupFinished
        case failed
        case retryDue
        case close
    }

    private typealias Machine = RedisConnectionStateMachine

    private static let now = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private static func apply(
        _ event: Event, to machine: inout Machine, at now: NIODeadline = now, fraction: Double = 1
    ) -> Machine.Action {
        switch event {
        case .start: machine.start()
        case .connected: machine.connected()
        case .setupFinished: machine.setupFinished(at: now)
        case .failed: machine.failed(at: now, fraction: fraction)
        case .retryDue: machine.retryDue()
        case .close: machine.close()
        }
    }

    private static func machine(in state: RedisConnectionState) -> Machine {
        var machine = Machine()
        let events: [Event] =
            switch state {
            case .idle: []
            case .connecting: [.start]
            case .settingUp: [.start, .connected]
            case .ready: [.start, .connected, .setupFinished]
            case .backingOff: [.start, .failed]
            case .closed: [.close]
            }
        for event in events { _ = apply(event, to: &machine) }
        return machine
    }

    /// What is not listed changes nothing.
    private static let transitions: [RedisConnectionState: [Event: (Machine.Action, RedisConnectionState)]] = [
        .idle: [.start: (.connect, .connecting), .close: (.close, .closed)],
        .connecting: [
            .connected: (.setUp, .settingUp), .failed: (.retry(after: .milliseconds(50)), .backingOff),
            .close: (.close, .closed),
        ],
        .settingUp: [
            .setupFinished: (.announceReady, .ready), .failed: (.retry(after: .milliseconds(50)), .backingOff),
            .close: (.close, .closed),
        ],
        .ready: [.failed: (.retry(after: .milliseconds(50)), .backingOff), .close: (.close, .closed)],
        .backingOff: [.retryDue: (.connect, .connecting), .close: (.close, .closed)],
        .closed: [:],
    ]

    @Test(
        "Each event in each state does what it should",
        arguments: [RedisConnectionState.idle, .connecting, .settingUp, .ready, .backingOff, .closed], Event.allCases)
    func transition(state: RedisConnectionState, event: Event) {
        var machine = Self.machine(in: state)
        #expect(machine.state == state)
        let expected = Self.transitions[state]?[event] ?? (Machine.Action.none, state)
        #expect(Self.apply(event, to: &machine) == expected.0)
        #expect(machine.state == expected.1)
        #expect(machine.isReady == (expected.1 == .ready))
    }

    @Test("The delay doubles from 50 ms to two seconds")
    func doubling() {
        var machine = Self.machine(in: .connecting)
        let delays = (0..<20).map { _ in
            let action = Self.apply(.failed, to: &machine)
            _ = machine.retryDue()
            return action
        }
        let milliseconds: [Int64] = [50, 100, 200, 400, 800, 1600] + Array(repeating: 2000, count: 14)
        #expect(delays == milliseconds.map { .retry(after: .milliseconds($0)) })
    }

    @Test(
        "A part of the delay is waited, by chance",
        arguments: [(0.0, 0), (0.5, 25), (1.0, 50), (7.0, 50), (-1.0, 0)] as [(Double, Int64)])
    func jitter(fraction: Double, milliseconds: Int64) {
        var machine = Self.machine(in: .connecting)
        #expect(
            Self.apply(.failed, to: &machine, fraction: fraction) == .retry(after: .milliseconds(milliseconds)))
    }

    @Test("Only a connection that lasted makes the next delay short again")
    func goodConnection() {
        var machine = Self.machine(in: .ready)
        #expect(machine.failed(at: Self.now + .milliseconds(1999), fraction: 1) == .retry(after: .milliseconds(50)))
        _ = machine.retryDue()
        _ = machine.connected()
        _ = machine.setupFinished(at: Self.now)
        #expect(machine.failed(at: Self.now + .milliseconds(1999), fraction: 1) == .retry(after: .milliseconds(100)))
        _ = machine.retryDue()
        _ = machine.connected()
        _ = machine.setupFinished(at: Self.now)
        #expect(machine.failed(at: Self.now + .seconds(2), fraction: 1) == .retry(after: .milliseconds(50)))
    }

    @Test("Whatever happens, it connects, waits or serves until it is closed", arguments: 1...20)
    func random(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        var machine = Machine()
        var now = Self.now
        var isStarted = false
        for _ in 0..<2000 {
            now = now + .milliseconds(Int64.random(in: 0...3000, using: &generator))
            let before = machine.state
            let event = Event.allCases.dropLast().randomElement(using: &generator) ?? .start
            let action = Self.apply(
                event, to: &machine, at: now, fraction: Double.random(in: 0...1, using: &generator))
            if case .retry(let delay) = action {
                #expect(delay >= .zero && delay <= .seconds(2))
                #expect(machine.state == .backingOff)
            }
            // Every connect is a new try, and only from where one may begin.
            if action == .connect { #expect(before == .idle || before == .backingOff) }
            if action == .none { #expect(machine.state == before) }
            isStarted = isStarted || event == .start
            #expect((machine.state == .idle) == !isStarted)
        }
        #expect(machine.close() == .close)
        for event in Event.allCases { #expect(Self.apply(event, to: &machine) == .none) }
    }
}

/// Marsaglia's xorshift64, so that a seed always gives the same run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
