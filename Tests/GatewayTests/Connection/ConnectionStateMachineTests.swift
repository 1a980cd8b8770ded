import DispatchCore
import FunctionModel
import HTTPCodec
import Testing

@testable import Gateway

@Suite("A connection's state machine")
struct ConnectionStateMachineTests {
    typealias Machine = ConnectionStateMachine

    private static let states: [Machine.State] = [
        .awaitingHead, .readingHead, .readingBody, .waiting, .streaming, .finishing, .lingering, .closed,
    ]

    private func at(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: milliseconds * 1_000_000) }

    private func head(
        _ framing: HTTPBodyFraming = .none, keepAlive: Bool = true, expects: Bool = false, limit: Int = 1000,
        refused: Bool = false
    ) -> Machine.Head {
        Machine.Head(
            framing: framing, keepAlive: keepAlive, expectsContinue: expects, maxBodyBytes: limit, isRefused: refused)
    }

    /// A machine that has come to this state at time 0 on the usual way.
    private func machine(in state: Machine.State) -> Machine {
        var machine = Machine(configuration: GatewayConfiguration(), now: at(0))
        guard state != .awaitingHead else { return machine }
        _ = machine.bytesArrived(1, now: at(0))
        guard state != .readingHead else { return machine }
        if state == .readingBody {
            _ = machine.headParsed(head(.length(100)), now: at(0))
            return machine
        }
        _ = machine.headParsed(head(keepAlive: state == .waiting || state == .streaming), now: at(0))
        guard state != .waiting else { return machine }
        _ = machine.answerBegan(isDelimited: true)
        guard state != .streaming else { return machine }
        _ = machine.answerEnded(now: at(0))
        guard state != .finishing else { return machine }
        machine.outputShut(now: at(0))
        if state == .closed { machine.closed() }
        return machine
    }

    @Test("The ways to the states lead there", arguments: states)
    func setUp(state: Machine.State) { #expect(machine(in: state).state == state) }

    @Test(
        "Bytes that arrive are parsed, held or thrown away",
        arguments: [
            (.awaitingHead, .parse, .readingHead), (.readingHead, .parse, .readingHead),
            (.readingBody, .parse, .readingBody), (.waiting, .hold, .waiting), (.streaming, .hold, .streaming),
            (.finishing, .discard, .finishing), (.lingering, .discard, .lingering), (.closed, .discard, .closed),
        ] as [(Machine.State, Machine.ArrivalAction, Machine.State)])
    func arrivals(state: Machine.State, action: Machine.ArrivalAction, next: Machine.State) {
        var machine = machine(in: state)
        #expect(machine.bytesArrived(10, now: at(1)) == action)
        #expect(machine.state == next)
    }

    @Test(
        "The client's end of input ends what is not complete and leaves what runs",
        arguments: [
            (.awaitingHead, .close), (.readingHead, .close), (.readingBody, .close), (.waiting, .none),
            (.streaming, .none), (.finishing, .none), (.lingering, .close), (.closed, .none),
        ] as [(Machine.State, Machine.EndAction)])
    func inputEnds(state: Machine.State, action: Machine.EndAction) {
        var machine = machine(in: state)
        #expect(machine.inputShut(hasHeldBytes: false) == action)
        #expect(machine.state == (action == .close ? .closed : state))
    }

    @Test("A drain closes connections that stay idle, and no others", arguments: states)
    func draining(state: Machine.State) {
        var machine = machine(in: state)
        machine.drain()
        #expect(machine.state == state)
        #expect(machine.endIdle() == (state == .awaitingHead ? .close : .none))
    }

    @Test(
        "Each state has its limit of time",
        arguments: [
            (.awaitingHead, 10_000, .close), (.readingHead, 10_000, .answerTimeout),
            (.readingBody, 20_000, .answerTimeout), (.lingering, 2000, .close),
        ] as [(Machine.State, Int64, Machine.TickAction)])
    func limits(state: Machine.State, limit: Int64, action: Machine.TickAction) {
        var machine = machine(in: state)
        #expect(machine.tick(now: at(limit - 1), bufferedBytes: 0) == .none)
        #expect(machine.tick(now: at(limit), bufferedBytes: 0) == action)
        #expect(machine.state == (action == .close ? .closed : .waiting))
    }

    @Test(
        "Where a function works or the socket drains, no time is limited",
        arguments: [
            Machine.State.waiting, .streaming, .finishing, .closed,
        ])
    func unlimited(state: Machine.State) {
        var machine = machine(in: state)
        #expect(machine.tick(now: at(86_400_000), bufferedBytes: 0) == .none)
    }

    @Test("A kept-alive connection waits 75 s for its next request")
    func idle() {
        var machine = machine(in: .streaming)
        #expect(machine.answerEnded(now: at(1000)) == .next)
        #expect(machine.tick(now: at(75_999), bufferedBytes: 0) == .none)
        #expect(machine.tick(now: at(76_000), bufferedBytes: 0) == .close)
    }

    @Test("A body may lag behind 1 kB/s by 20 s at any time, and what came early does not count")
    func bodyPace() {
        var machine = Machine(configuration: GatewayConfiguration(), now: at(0))
        _ = machine.headParsed(head(.length(1_000_000), limit: 1_000_000), now: at(0))
        #expect(machine.bodyParsed(10_240, now: at(0)) == .keep)
        #expect(machine.tick(now: at(19_999), bufferedBytes: 0) == .none)
        #expect(machine.bodyParsed(1024, now: at(19_999)) == .keep)
        #expect(machine.tick(now: at(20_999), bufferedBytes: 0) == .none)
        #expect(machine.tick(now: at(21_000), bufferedBytes: 0) == .answerTimeout)
    }

    @Test("A client that does not take its answer is cut off, one that takes it slowly enough is not")
    func stalls() {
        var stalled = machine(in: .streaming)
        #expect(stalled.tick(now: at(0), bufferedBytes: 100_000) == .none)
        #expect(stalled.tick(now: at(59_999), bufferedBytes: 100_000) == .none)
        #expect(stalled.tick(now: at(60_000), bufferedBytes: 100_000) == .abort)
        var slow = machine(in: .streaming)
        for second in 0...90 {
            #expect(slow.tick(now: at(Int64(second) * 1000), bufferedBytes: 1_000_000 - second * 1024) == .none)
        }
        var recovered = machine(in: .streaming)
        _ = recovered.tick(now: at(0), bufferedBytes: 10)
        #expect(recovered.tick(now: at(59_000), bufferedBytes: 0) == .none)
        #expect(recovered.tick(now: at(61_000), bufferedBytes: 10) == .none)
    }

    @Test(
        "A head leads to the body, to the function or to an answer",
        arguments: [
            (.none, false, 1000, false, .complete, .waiting),
            (.length(0), false, 1000, false, .complete, .waiting),
            (.length(1000), false, 1000, false, .readBody(sendContinue: false), .readingBody),
            (.length(1000), true, 1000, false, .readBody(sendContinue: true), .readingBody),
            (.length(1001), false, 1000, false, .answerTooLarge, .waiting),
            (.length(1001), true, 1000, false, .answerTooLarge, .waiting),
            (.chunked, false, 1000, false, .readBody(sendContinue: false), .readingBody),
            (.chunked, true, 1000, false, .readBody(sendContinue: true), .readingBody),
            (.none, false, 0, true, .complete, .waiting),
            (.length(65_536), false, 0, true, .readBody(sendContinue: false), .readingBody),
            (.length(65_537), false, 0, true, .answerRefusal, .waiting),
            (.length(10), true, 0, true, .answerRefusal, .waiting),
            (.chunked, false, 0, true, .answerRefusal, .waiting),
        ] as [(HTTPBodyFraming, Bool, Int, Bool, Machine.HeadAction, Machine.State)])
    func heads(
        framing: HTTPBodyFraming, expects: Bool, limit: Int, refused: Bool, action: Machine.HeadAction,
        next: Machine.State
    ) {
        var machine = machine(in: .readingHead)
        #expect(
            machine.headParsed(head(framing, expects: expects, limit: limit, refused: refused), now: at(0)) == action)
        #expect(machine.state == next)
        let isGivenUp = action == .answerTooLarge || action == .answerRefusal
        #expect(machine.keepsAlive == !isGivenUp)
    }

    @Test("A chunked body is counted, and the connection does not outlive one that is too large")
    func chunkedBody() {
        var machine = machine(in: .readingHead)
        _ = machine.headParsed(head(.chunked, limit: 10), now: at(0))
        #expect(machine.bodyParsed(10, now: at(0)) == .keep)
        #expect(machine.bodyParsed(1, now: at(0)) == .answerTooLarge)
        #expect(machine.state == .waiting && !machine.keepsAlive)
    }

    @Test(
        "An answer says whether the connection lives on",
        arguments: [
            (true, true, false, true), (false, true, false, false), (true, false, false, false),
            (true, true, true, false),
        ])
    func persistence(keepAlive: Bool, isDelimited: Bool, drains: Bool, lives: Bool) {
        var machine = machine(in: .readingHead)
        _ = machine.headParsed(head(keepAlive: keepAlive), now: at(0))
        if drains { machine.drain() }
        #expect(machine.answerBegan(isDelimited: isDelimited) == lives)
        #expect(machine.answerEnded(now: at(0)) == (lives ? .next : .shutOutput))
        #expect(machine.state == (lives ? .awaitingHead : .finishing))
    }

    @Test("A drain in the middle of an answer whose head said that the connection lives on ends it behind the next one")
    func drainWhileStreaming() {
        var machine = machine(in: .streaming)
        machine.drain()
        #expect(machine.answerEnded(now: at(0)) == .next)
        #expect(machine.bytesArrived(10, now: at(1)) == .parse)
        _ = machine.headParsed(head(keepAlive: true), now: at(1))
        #expect(machine.answerBegan(isDelimited: true) == false)
        #expect(machine.answerEnded(now: at(2)) == .shutOutput)
    }

    @Test("When the client has shut its side, the connection is closed behind the last answer")
    func halfClosed() {
        var machine = machine(in: .waiting)
        #expect(machine.inputShut(hasHeldBytes: false) == .none)
        #expect(machine.heldBytesExhausted() == nil)
        #expect(machine.answerBegan(isDelimited: true) == true)
        #expect(machine.answerEnded(now: at(0)) == .next)
        #expect(machine.heldBytesExhausted() == .closeWhenWritten)
        #expect(machine.state == .finishing)
    }

    @Test("Input that is thrown away is bounded")
    func lingering() {
        var machine = machine(in: .lingering)
        #expect(machine.bytesArrived(4 << 20, now: at(1)) == .discard)
        #expect(machine.bytesArrived(1, now: at(1)) == .close)
    }

    @Test("After bytes that are no request, nothing more is parsed")
    func parsingFails() {
        var machine = machine(in: .readingHead)
        machine.parsingFailed()
        #expect(machine.state == .waiting && !machine.parses && !machine.keepsAlive)
        #expect(machine.answerBegan(isDelimited: true) == false)
        #expect(machine.answerEnded(now: at(0)) == .shutOutput)
    }
}

@Suite("Random lives of connections")
struct ConnectionStateMachineRandomTests {
    @Test(
        "However events fall, a connection has one request at a time and ends", arguments: 1...50 as ClosedRange<UInt64>
    )
    func randomLives(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var now = MonotonicTime(nanoseconds: 0)
        var machine = ConnectionStateMachine(configuration: GatewayConfiguration(), now: now)
        for _ in 0..<500 {
            now = now.advanced(byMilliseconds: Int.random(in: 0...3000, using: &random))
            step(&machine, now, &random)
            #expect(machine.parses == [.awaitingHead, .readingHead, .readingBody].contains(machine.state))
        }
        // With no more input, and every answer given, it ends by time alone.
        if machine.state == .waiting { _ = machine.answerBegan(isDelimited: true) }
        if machine.state == .streaming { _ = machine.answerEnded(now: now) }
        now = now.advanced(byMilliseconds: 100_000)
        if machine.tick(now: now, bufferedBytes: 0) == .answerTimeout {
            _ = machine.answerBegan(isDelimited: true)
            _ = machine.answerEnded(now: now)
        }
        machine.outputShut(now: now)
        _ = machine.tick(now: now.advanced(byMilliseconds: 100_000), bufferedBytes: 0)
        #expect(machine.state == .closed)
    }

    /// One event that is legal in the machine's state.
    private func step(_ machine: inout ConnectionStateMachine, _ now: MonotonicTime, _ random: inout SplitMix64) {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: _ = machine.bytesArrived(Int.random(in: 1...100, using: &random), now: now)
        case 1: _ = machine.tick(now: now, bufferedBytes: Int.random(in: 0...2, using: &random))
        case 2 where Int.random(in: 0..<50, using: &random) == 0: machine.drain()
        case 3 where Int.random(in: 0..<50, using: &random) == 0: _ = machine.inputShut(hasHeldBytes: false)
        default: progress(&machine, now, &random)
        }
    }

    private func progress(_ machine: inout ConnectionStateMachine, _ now: MonotonicTime, _ random: inout SplitMix64) {
        switch machine.state {
        case .awaitingHead, .closed, .lingering: break
        case .readingHead:
            let framings: [HTTPBodyFraming] = [.none, .length(50), .chunked, .length(2000)]
            _ = machine.headParsed(
                ConnectionStateMachine.Head(
                    framing: framings.randomElement(using: &random) ?? .none, keepAlive: Bool.random(using: &random),
                    expectsContinue: Bool.random(using: &random), maxBodyBytes: 1000,
                    isRefused: Bool.random(using: &random)), now: now)
        case .readingBody:
            if machine.bodyParsed(Int.random(in: 1...600, using: &random), now: now) != .answerTooLarge,
                Bool.random(using: &random)
            {
                machine.bodyEnded()
            }
        case .waiting: _ = machine.answerBegan(isDelimited: Bool.random(using: &random))
        case .streaming: _ = machine.answerEnded(now: now)
        case .finishing: machine.outputShut(now: now)
        }
    }
}
