import FunctionModel
import Testing

@testable import Gateway

@Suite("The pace of bodies")
struct TransferPaceTests {
    private func at(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: milliseconds * 1_000_000) }

    private func pace() -> TransferPace {
        TransferPace(startedAt: at(0), graceMilliseconds: 20_000, minBytesPerSecond: 1024)
    }

    @Test("Bytes that came fast buy no longer rest than the grace")
    func rest() {
        var pace = pace()
        pace.moved(5_900_000, now: at(1000))
        #expect(!pace.isTooSlow(at: at(20_999)))
        #expect(pace.isTooSlow(at: at(21_000)))
    }

    @Test("Whoever sends at the least rate may go on for ever")
    func steady() {
        var pace = pace()
        for second in 1...10_000 as ClosedRange<Int64> {
            #expect(!pace.isTooSlow(at: at(second * 1000)))
            pace.moved(1024, now: at(second * 1000))
        }
    }

    @Test("Single bytes are no pace")
    func drip() {
        var pace = pace()
        for second in 1...20 as ClosedRange<Int64> { pace.moved(1, now: at(second * 1000 - 1)) }
        #expect(pace.isTooSlow(at: at(20_100)))
    }

    @Test("Small pieces count as much as one large piece")
    func pieces() {
        var many = pace()
        for _ in 0..<10_240 { many.moved(1, now: at(15_000)) }
        var one = pace()
        one.moved(10_240, now: at(15_000))
        for time in [29_999, 30_000] as [Int64] { #expect(many.isTooSlow(at: at(time)) == one.isTooSlow(at: at(time))) }
    }

    @Test("The budget of half-read bodies refuses what is too much, but never a body that is alone")
    func budget() {
        var budget = BodyBudget(limit: 100)
        let first = budget.take(60, held: 0)
        let second = budget.take(40, held: 0)
        let third = budget.take(1, held: 60)
        #expect(first && second && !third)
        budget.giveBack(40)
        let alone = budget.take(1000, held: 60)
        let other = budget.take(1, held: 0)
        #expect(alone && !other)
        budget.giveBack(1060)
        #expect(budget == BodyBudget(limit: 100))
    }
}
