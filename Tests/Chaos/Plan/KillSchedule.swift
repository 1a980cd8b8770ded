/// When each kill is due, by a seed.
enum KillSchedule {
    /// Spreads the kills of each kind evenly over the events, each at a random place of its slot. The first and last
    /// twentieth of the events are left in peace, so that every kill has events before and behind it.
    static func make(counts: [KillKind: Int], events: Int, seed: UInt64) -> [PlannedKill] {
        var generator = SeededGenerator(seed: seed)
        let (first, width) = (Double(events) * 0.05, Double(events) * 0.9)
        var kills: [PlannedKill] = []
        // In the order of the cases: a dictionary's would differ from run to run.
        for kind in KillKind.allCases {
            let count = counts[kind] ?? 0
            for slot in 0..<count {
                let place = (Double(slot) + Double.random(in: 0..<1, using: &generator)) / Double(count)
                kills.append(PlannedKill(kind: kind, afterAccepted: Int(first + place * width)))
            }
        }
        return kills.enumerated().sorted {
            ($0.element.afterAccepted, $0.offset) < ($1.element.afterAccepted, $1.offset)
        }.map(\.element)
    }
}
