/// How long a disk took, over many tries.
package struct LatencySummary: Hashable, Sendable, Codable {
    package var count: Int
    package var p50Microseconds: Int
    package var p99Microseconds: Int
    package var maximumMicroseconds: Int

    /// Nil without samples. Percentiles by the nearest rank.
    package init?(microseconds samples: [Int]) {
        let sorted = samples.sorted()
        guard let last = sorted.last else { return nil }
        count = sorted.count
        p50Microseconds = sorted[(sorted.count - 1) / 2]
        p99Microseconds = sorted[(sorted.count * 99 + 99) / 100 - 1]
        maximumMicroseconds = last
    }

    package init(count: Int, p50Microseconds: Int, p99Microseconds: Int, maximumMicroseconds: Int) {
        self.count = count
        self.p50Microseconds = p50Microseconds
        self.p99Microseconds = p99Microseconds
        self.maximumMicroseconds = maximumMicroseconds
    }

    var text: String {
        "p50 \(Self.milliseconds(p50Microseconds)) ms, p99 \(Self.milliseconds(p99Microseconds)) ms, most \(Self.milliseconds(maximumMicroseconds)) ms, of \(count)"
    }

    /// With two digits behind the point: `0.31`.
    private static func milliseconds(_ microseconds: Int) -> String {
        let hundredths = (microseconds + 5) / 10
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
