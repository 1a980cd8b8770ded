import DispatchCore
import Testing

@Suite struct MemoryBudgetTests {
    @Test("What is reserved is not there for others until it is released")
    func reserveAndRelease() {
        var budget = MemoryBudget(limitBytes: 100)
        let answers = [60, 41, 40].map { budget.reserve($0) }
        #expect(answers == [true, false, true])
        budget.release(60)
        #expect(budget.freeBytes == 60)
    }
}
