/// So many events in so much time.
package struct EventRate: Hashable, Sendable {
    package var count: Int
    package var perMilliseconds: Int

    package init(count: Int, perMilliseconds: Int) {
        self.count = count
        self.perMilliseconds = perMilliseconds
    }

    /// Reads `10/s`, `100/m` or `5/h`; nil when it is none.
    package init?(_ text: String) {
        let units = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let unit = units[String(parts[1])],
            parts[0].utf8.allSatisfy({ (48...57).contains($0) }),
            let count = Int(parts[0]), (1...1_000_000).contains(count)
        else { return nil }
        self.init(count: count, perMilliseconds: unit)
    }
}
