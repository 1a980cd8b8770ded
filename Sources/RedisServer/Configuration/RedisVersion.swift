/// The version of a Redis, such as 7.0.15.
package struct RedisVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The first that has Functions.
    package static let oldestSupported = RedisVersion(7, 0, 0)

    package let major: Int
    package let minor: Int
    package let patch: Int

    package init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads `7.0.15`; what follows the numbers (`-rc1`) is not looked at. Nil when it begins with no number.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).prefix(3)
        let numbers = parts.map { Int($0.prefix { $0.isASCII && $0.isNumber }) }
        guard let first = numbers.first, let major = first else { return nil }
        self.init(major, numbers.count > 1 ? numbers[1] ?? 0 : 0, numbers.count > 2 ? numbers[2] ?? 0 : 0)
    }

    /// Reads what `redis-server --version` prints: `Redis server v=7.0.15 sha=…`.
    package init?(versionOutput text: String) {
        for word in text.split(whereSeparator: \.isWhitespace) where word.hasPrefix("v=") {
            self.init(word.dropFirst(2))
            return
        }
        return nil
    }

    package var isSupported: Bool { self >= .oldestSupported }

    package var description: String { "\(major).\(minor).\(patch)" }

    package static func < (a: Self, b: Self) -> Bool {
        (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch)
    }
}
