/// Counts ended events by queue, for a rate over the last minute.
struct EventRates {
    private static let seconds = 60
    private var counts: [String: [Int]] = [:]
    private var second: Int64 = 0

    /// - Parameter second: of a clock that only goes forward.
    mutating func add(_ queue: String, second: Int64) {
        advance(to: second)
        counts[queue, default: [Int](repeating: 0, count: Self.seconds)][Int(second % Int64(Self.seconds))] += 1
    }

    /// Ended events a second, by queue.
    mutating func perSecond(second: Int64) -> [String: Double] {
        advance(to: second)
        return counts.mapValues { Double($0.reduce(0, +)) / Double(Self.seconds) }
    }

    /// Empties the seconds that have passed since.
    private mutating func advance(to now: Int64) {
        guard now > second else { return }
        let passed = Int(min(now - second, Int64(Self.seconds)))
        for queue in counts.keys {
            for step in 0..<passed { counts[queue]?[Int((now - Int64(step)) % Int64(Self.seconds))] = 0 }
        }
        counts = counts.filter { $0.value.contains { $0 > 0 } }
        second = now
    }
}
