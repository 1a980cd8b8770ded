/// How many durations lay below each of a few fixed bounds: what Prometheus calls a histogram.
///
/// Adding one is a search through few numbers and three increments: cheap enough for every invocation.
package struct DurationHistogram: Sendable, Hashable {
    /// Upper bounds in nanoseconds, from half a millisecond to five minutes; the last bucket has none.
    package static let bounds: [Int64] = [
        500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000,
        500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000, 60_000_000_000,
        300_000_000_000,
    ]

    /// By bucket, not summed up; one more than there are bounds.
    package private(set) var counts = [Int](repeating: 0, count: Self.bounds.count + 1)
    package private(set) var sumNanoseconds: Int64 = 0

    package init() {}

    package var count: Int { counts.reduce(0, +) }

    /// Adds one duration; a negative one counts as none.
    package mutating func add(nanoseconds: Int64) {
        let value = max(0, nanoseconds)
        var index = 0
        Self.bounds.withUnsafeBufferPointer { bounds in
            while index < bounds.count, value > bounds[index] { index += 1 }
        }
        counts[index] += 1
        sumNanoseconds &+= value
    }
}
