import Testing

@testable import glo_chaos

@Suite("The schedule of the kills")
struct KillScheduleTests {
    private let counts: [KillKind: Int] = [.controller: 50, .redis: 20, .worker: 200, .powerCut: 3]

    @Test("Every kill is planned, in the order of the events")
    func complete() {
        let kills = KillSchedule.make(counts: counts, events: 100_000, seed: 7)
        for (kind, count) in counts { #expect(kills.count { $0.kind == kind } == count) }
        #expect(kills.map(\.afterAccepted) == kills.map(\.afterAccepted).sorted())
    }

    @Test("Each kind has one kill in each of its equal parts of the events, and none at either end")
    func spread() {
        let places = KillSchedule.make(counts: counts, events: 100_000, seed: 7)
            .filter { $0.kind == .controller }.map(\.afterAccepted)
        for (slot, place) in places.enumerated() {
            #expect(place >= 5_000 + slot * 1_800 && place < 5_000 + (slot + 1) * 1_800)
        }
    }

    @Test("The seed alone decides")
    func seeded() {
        let first = KillSchedule.make(counts: counts, events: 9_000, seed: 1)
        #expect(first == KillSchedule.make(counts: counts, events: 9_000, seed: 1))
        #expect(first != KillSchedule.make(counts: counts, events: 9_000, seed: 2))
    }

    @Test("As many events fail on purpose as are asked for", arguments: [0, 1, 30, 100])
    func failures(percent: Int) {
        let plan = EventPlan(seed: 3, failPercent: percent, workMilliseconds: 5)
        let share = Double((0..<20_000).count(where: plan.fails)) / 200
        #expect(abs(share - Double(percent)) < 1)
        #expect(plan.body(of: 12) == "chaos n=12 fail=\(plan.fails(12) ? 1 : 0) ms=5")
    }

    @Test("Turns keep their distance, and missed ones are not made up for")
    func pacing() {
        var pacer = Pacer(rate: 100)
        #expect([0, 0, 0].map { pacer.turn(now: $0) } == [0, 10_000_000, 20_000_000])
        #expect(pacer.turn(now: 500_000_000) == 500_000_000)
        #expect(pacer.turn(now: 500_000_000) == 510_000_000)
    }
}
