import NIOCore
import Testing

@testable import RedisClient

@Suite("Commands that wait for their answers")
struct PendingCommandsTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private var pending = PendingCommands<String>(stuckAfter: .seconds(10))

    private func at(_ milliseconds: Int64) -> NIODeadline { start + .milliseconds(milliseconds) }

    private mutating func add(_ name: String, at milliseconds: Int64 = 0, timeout: Int64 = 2000) {
        _ = pending.append(name, now: at(milliseconds), timeout: .milliseconds(timeout))
    }

    private mutating func answer() -> String {
        switch pending.answered() {
        case .callback(let name): name
        case .nobody: "nobody"
        case .unexpected: "unexpected"
        }
    }

    @Test("They are answered in the order in which they were sent")
    mutating func order() {
        add("a")
        add("b")
        #expect([answer(), answer(), answer()] == ["a", "b", "unexpected"])
    }

    @Test("The answer of one whose time limit passed is nobody's, and the order holds")
    mutating func late() {
        add("a", timeout: 100)
        add("b")
        #expect(pending.sweep(now: at(100)).expired == ["a"])
        #expect(pending.count == 2)
        #expect([answer(), answer()] == ["nobody", "b"])
    }

    @Test("One with a short time limit behind one with a long one is found")
    mutating func shorter() {
        add("long", timeout: 5000)
        add("short", timeout: 100)
        let first = pending.sweep(now: at(99))
        #expect(first.expired.isEmpty)
        #expect(first.next == at(100))
        let second = pending.sweep(now: at(100))
        #expect(second.expired == ["short"])
        #expect(second.next == at(5000))
    }

    @Test("The oldest waits ten seconds at most, answered or not")
    mutating func stuck() {
        add("a")
        add("b", at: 9000)
        let early = pending.sweep(now: at(9999))
        #expect(early.expired == ["a"])
        #expect(!early.isStuck)
        #expect(early.next == at(10_000))
        #expect(pending.sweep(now: at(10_000)).isStuck)
    }

    @Test("One that is allowed longer than that is waited for")
    mutating func patient() {
        add("a", timeout: 30_000)
        #expect(!pending.sweep(now: at(29_999)).isStuck)
        let sweep = pending.sweep(now: at(30_000))
        #expect(sweep.isStuck)
        #expect(sweep.expired == ["a"])
    }

    @Test("When the connection is lost, those that still wait are given back once")
    mutating func lost() {
        add("a", timeout: 1)
        add("b")
        add("c")
        _ = pending.sweep(now: at(1))
        #expect(pending.removeAll() == ["b", "c"])
        #expect(pending.removeAll().isEmpty)
        #expect(pending.sweep(now: at(2)).next == nil)
    }
}
