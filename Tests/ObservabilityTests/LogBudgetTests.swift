import FunctionModel
import Testing

@testable import Observability

@Suite("How fast a function may log")
struct LogBudgetTests {
    private let clock = TestClock()

    @Test("One second's worth is admitted at once, the rest is counted")
    func burst() {
        var budget = LogBudget(bytesPerSecond: 1000, now: clock.now)
        let admitted = (0..<50).filter { _ in budget.admit(bytes: 100, isOrdinaryInvocation: false, now: clock.now) }
        #expect(admitted.count == 10)
        #expect(budget.dropped == 40)
        #expect(budget.takeDropped() == 40)
        #expect(budget.dropped == 0)
    }

    @Test("Over a minute no more than the rate passes", arguments: [UInt64(1), 2, 3])
    func rate(seed: UInt64) {
        var random = SeededGenerator(seed)
        var budget = LogBudget(bytesPerSecond: 10_000, now: clock.now)
        var passed = 0
        for _ in 0..<60_000 {
            clock.advance(milliseconds: 1)
            let size = Int.random(in: 1...500, using: &random)
            if budget.admit(bytes: size, isOrdinaryInvocation: Bool.random(using: &random), now: clock.now) {
                passed += size
            }
        }
        // The saved-up second comes on top, and a record may begin with the last token.
        #expect(passed <= 61 * 10_000 + 500)
        #expect(passed > 55 * 10_000)
    }

    @Test("Ordinary invocations use a sixteenth and leave the rest to the handler's lines")
    func share() {
        var budget = LogBudget(bytesPerSecond: 16_000, now: clock.now)
        let invocations = (0..<100).filter { _ in budget.admit(bytes: 100, isOrdinaryInvocation: true, now: clock.now) }
        #expect(invocations.count == 10)
        let fits1 = budget.admit(bytes: 14_900, isOrdinaryInvocation: false, now: clock.now)
        #expect(fits1)
    }

    @Test("A record larger than a second's worth passes once the budget is full, and is paid for")
    func large() {
        var budget = LogBudget(bytesPerSecond: 100, now: clock.now)
        let fits2 = budget.admit(bytes: 1000, isOrdinaryInvocation: false, now: clock.now)
        #expect(fits2)
        clock.advance(milliseconds: 5000)
        let fits3 = budget.admit(bytes: 1, isOrdinaryInvocation: false, now: clock.now)
        #expect(!fits3)
        clock.advance(milliseconds: 5000)
        let fits4 = budget.admit(bytes: 1, isOrdinaryInvocation: false, now: clock.now)
        #expect(fits4)
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
