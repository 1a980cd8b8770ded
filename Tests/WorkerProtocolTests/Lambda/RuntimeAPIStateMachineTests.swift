import FunctionModel
import Testing

@testable import WorkerProtocol

@Suite("The Runtime API's states")
struct RuntimeAPIStateMachineTests {
    private typealias Machine = RuntimeAPIStateMachine<String>

    private let a = Sample.id(1)
    private let b = Sample.id(2)

    /// A machine in which `a` has been delivered on connection 1.
    private func delivered() -> Machine {
        var machine = Machine(concurrency: 1)
        _ = machine.poll(on: 1)
        _ = machine.invoke(a, "a")
        return machine
    }

    private func describe(_ poll: Machine.Poll) -> String {
        switch poll {
        case .deliver(let payload, let finished): "deliver \(payload) \(finished == nil ? "-" : "finished")"
        case .wait(let finished, let isFirst): "wait \(finished == nil ? "-" : "finished")\(isFirst ? " first" : "")"
        case .tooMany: "tooMany"
        case .forbidden: "forbidden"
        }
    }

    @Test("starting: a poll makes it ready, an init error ends it, answers are unknown")
    func starting() {
        var machine = Machine(concurrency: 1)
        #expect(machine.answerBegan(a, on: 1, isPresentDelivery: true) == .unknown)
        #expect(machine.cancel(a) == .nothing)
        #expect(describe(machine.poll(on: 1)) == "wait - first")
        var other = Machine(concurrency: 1)
        #expect(other.initError() == true)
        #expect(other.initError() == false)
        #expect(describe(other.poll(on: 1)) == "forbidden")
    }

    @Test("polling: a second poll is one too many, and a closed connection's poll is forgotten")
    func polling() {
        var machine = Machine(concurrency: 1)
        _ = machine.poll(on: 1)
        #expect(machine.initError() == false)
        #expect(describe(machine.poll(on: 2)) == "tooMany")
        machine.connectionClosed(1)
        #expect(machine.pollerCount == 0)
        #expect(describe(machine.poll(on: 2)) == "wait -")
    }

    @Test("delivered: a poll delivers again, and one answer is taken")
    func deliveredState() {
        var machine = delivered()
        #expect(describe(machine.poll(on: 1)) == "deliver a -")
        #expect(describe(machine.poll(on: 2)) == "deliver a -")
        #expect(machine.answerBegan(b, on: 1, isPresentDelivery: true) == .unknown)
        #expect(machine.answerBegan(a, on: 1, isPresentDelivery: false) == .dropForeign)
        #expect(machine.answerBegan(a, on: 1, isPresentDelivery: true) == .take)
    }

    @Test("answering: nobody else may answer, and a poll that comes meanwhile waits and then frees the slot")
    func answering() {
        var machine = delivered()
        _ = machine.answerBegan(a, on: 1, isPresentDelivery: true)
        #expect(machine.answerBegan(a, on: 2, isPresentDelivery: true) == .forbidden)
        #expect(describe(machine.poll(on: 2)) == "wait -")
        let isFree = machine.answerEnded(a)
        #expect(isFree)
        #expect(machine.openCount == 0)
    }

    @Test("answered: a second answer is forbidden, a cancel means nothing, and the next poll frees the slot")
    func answered() {
        var machine = delivered()
        _ = machine.answerBegan(a, on: 1, isPresentDelivery: true)
        let isFree = machine.answerEnded(a)
        #expect(!isFree)
        #expect(machine.answerBegan(a, on: 1, isPresentDelivery: true) == .forbidden)
        #expect(machine.cancel(a) == .nothing)
        #expect(machine.openCount == 1)
        #expect(describe(machine.poll(on: 1)) == "wait finished")
        #expect(machine.answerBegan(a, on: 1, isPresentDelivery: true) == .unknown)
    }

    @Test("cancelled: it is not delivered again, and its answer is late")
    func cancelled() {
        var machine = delivered()
        #expect(machine.cancel(a) == .marked)
        #expect(describe(machine.poll(on: 1)) == "wait -")
        #expect(machine.answerBegan(a, on: 2, isPresentDelivery: true) == .dropLate)
        let isFree = machine.answerEnded(a)
        #expect(isFree)
    }

    @Test("cancelled while it is answered: the connection forwards nothing more")
    func cancelledAnswer() {
        var machine = delivered()
        _ = machine.answerBegan(a, on: 5, isPresentDelivery: true)
        #expect(machine.cancel(a) == .dropAnswer(on: 5))
    }

    @Test("cancelled before it was handed out: the slot is free at once")
    func cancelledWaiting() {
        var machine = Machine(concurrency: 2)
        _ = machine.poll(on: 1)
        _ = machine.invoke(a, "a")
        guard case .wait = machine.invoke(b, "b") else {
            Issue.record("no poller is left")
            return
        }
        #expect(machine.answerBegan(b, on: 1, isPresentDelivery: true) == .unknown)
        #expect(machine.cancel(b) == .finished)
        #expect(machine.openCount == 1)
    }

    @Test("A poll ends the invocation that its own connection had")
    func ownFirst() {
        var machine = Machine(concurrency: 2)
        _ = machine.poll(on: 1)
        _ = machine.poll(on: 2)
        _ = machine.invoke(a, "a")
        _ = machine.invoke(b, "b")
        // The last poller is taken first: a runs on 2, b on 1.
        for id in [a, b] {
            _ = machine.answerBegan(id, on: 9, isPresentDelivery: true)
            _ = machine.answerEnded(id)
        }
        guard case .wait(let first, _) = machine.poll(on: 1), case .wait(let second, _) = machine.poll(on: 7) else {
            Issue.record("polls wait")
            return
        }
        #expect(first == b)
        #expect(second == a)
    }

    @Test(
        "Whatever clients and callers do, every invocation is finished once and nothing is answered twice",
        arguments: 0..<20)
    func random(_ seed: UInt64) {
        var world = RandomWorld(seed: seed)
        for _ in 0..<3000 { world.step() }
        world.drain()
        #expect(world.problems == [])
        #expect(world.invoked == world.finished)
    }
}

/// A caller that keeps the rules and clients that do not, with their steps drawn at random.
private struct RandomWorld {
    private var generator: SeededGenerator
    private var machine: RuntimeAPIStateMachine<UInt64>
    private let concurrency: Int
    private var isReady = false
    private var lastID: UInt64 = 0
    private var open: Set<InvocationID> = []
    private var answering: Set<InvocationID> = []
    private var replied: Set<InvocationID> = []
    private var cancelled: Set<InvocationID> = []
    private(set) var problems: [String] = []
    private(set) var finished = 0
    private(set) var invoked = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        concurrency = Int(seed % 4) + 1
        machine = RuntimeAPIStateMachine(concurrency: concurrency)
    }

    mutating func step() {
        let connection = Int.random(in: 1...6, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<3: poll(connection)
        case 3, 4: invoke()
        case 5, 6: begin(anyID(), connection)
        case 7: if let id = answering.randomElement(using: &generator) { end(id) }
        case 8: if Int.random(in: 0..<3, using: &generator) == 0 { cancel(anyID()) }
        default: machine.connectionClosed(connection)
        }
        check(machine.openCount == open.count, "open invocations are counted")
        check(machine.openCount <= concurrency, "no more run than may")
        check(machine.pollerCount <= concurrency, "no more poll than may")
    }

    /// Lets everything come to its end.
    mutating func drain() {
        if !isReady { poll(1) }
        for connection in 100..<200 where !open.isEmpty {
            for id in answering { end(id) }
            machine.connectionClosed(connection - 1)
            poll(connection)
            for id in open { begin(id, connection) }
        }
    }

    private mutating func anyID() -> InvocationID {
        Sample.id(UInt64.random(in: max(1, lastID > 6 ? lastID - 6 : 1)...(lastID + 1), using: &generator))
    }

    private mutating func poll(_ connection: Int) {
        machine.connectionClosed(connection)
        switch machine.poll(on: connection) {
        case .deliver(let number, let ended):
            check(open.contains(Sample.id(number)), "only open invocations are delivered")
            check(!cancelled.contains(Sample.id(number)), "no cancelled invocation is delivered")
            if let ended { finish(ended) }
        case .wait(let ended, let isFirst):
            check(isFirst != isReady, "ready once")
            isReady = true
            if let ended { finish(ended) }
        case .tooMany: check(machine.pollerCount == concurrency, "refused only when full")
        case .forbidden: check(false, "nobody reported an init error")
        }
    }

    private mutating func invoke() {
        guard isReady, open.count < concurrency else { return }
        lastID += 1
        invoked += 1
        open.insert(Sample.id(lastID))
        _ = machine.invoke(Sample.id(lastID), lastID)
    }

    private mutating func begin(_ id: InvocationID, _ connection: Int) {
        let isPresent = Int.random(in: 0..<8, using: &generator) > 0
        switch machine.answerBegan(id, on: connection, isPresentDelivery: isPresent) {
        case .take:
            check(open.contains(id) && !replied.contains(id) && !cancelled.contains(id), "one answer is taken")
            answering.insert(id)
        case .dropLate:
            check(cancelled.contains(id), "late answers were cancelled")
            answering.insert(id)
        case .dropForeign: check(!isPresent, "foreign answers are not the present ones")
        case .unknown: check(!answering.contains(id), "what is being answered is known")
        case .forbidden: check(open.contains(id), "forbidden answers are to open invocations")
        }
    }

    private mutating func end(_ id: InvocationID) {
        answering.remove(id)
        if !cancelled.contains(id) { check(replied.insert(id).inserted, "answered once") }
        if machine.answerEnded(id) { finish(id) }
    }

    private mutating func cancel(_ id: InvocationID) {
        switch machine.cancel(id) {
        case .nothing: break
        case .finished:
            finish(id)
        case .marked, .dropAnswer: cancelled.insert(id)
        }
    }

    private mutating func finish(_ id: InvocationID) {
        finished += 1
        check(open.remove(id) != nil, "finished once")
    }

    private mutating func check(_ holds: Bool, _ rule: String) {
        if !holds { problems.append(rule) }
    }
}
