import DispatchCore
import Testing

@Suite struct SparePlanTests {
    @Test("Nothing is kept before anything was used")
    func empty() {
        let plan = SparePlan<String>(total: 3)
        #expect(plan.missing.isEmpty)
    }

    @Test("One kind gets all the spares")
    func oneKind() {
        var plan = SparePlan<String>(total: 3)
        plan.touch("a")
        #expect(plan.missing == ["a", "a", "a"])
        plan.added("a")
        #expect(plan.missing == ["a", "a"])
    }

    @Test("Several kinds get one each, the latest the rest")
    func severalKinds() {
        var plan = SparePlan<String>(total: 3)
        plan.touch("a")
        plan.touch("b")
        #expect(plan.wanted == ["b": 2, "a": 1])
    }

    @Test("The kind that was used longest ago gives way")
    func surplus() {
        var plan = SparePlan<String>(total: 2)
        plan.touch("a")
        plan.touch("b")
        plan.added("a")
        plan.added("b")
        plan.touch("c")
        #expect(plan.surplus == ["a"])
        #expect(plan.missing == ["c"])
        plan.removed("a")
        #expect(plan.surplus.isEmpty)
    }

    @Test("No spares are kept when none are wanted")
    func none() {
        var plan = SparePlan<String>(total: 0)
        plan.touch("a")
        #expect(plan.missing.isEmpty)
    }
}
