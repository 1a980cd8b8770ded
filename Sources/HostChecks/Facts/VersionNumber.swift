/// The numbers at the start of a version: `6.1.0-18-amd64` is 6, 1, 0.
struct VersionNumber: Hashable, Sendable, Comparable {
    let parts: [Int]

    init(_ parts: Int...) { self.parts = parts }

    /// Nil when the text begins with no number.
    init?(_ text: String) {
        let head = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let parts = head.split(separator: ".").compactMap { Int($0) }
        guard !parts.isEmpty else { return nil }
        self.parts = parts
    }

    static func < (a: Self, b: Self) -> Bool {
        for index in 0..<max(a.parts.count, b.parts.count) {
            let (left, right) = (a.part(index), b.part(index))
            if left != right { return left < right }
        }
        return false
    }

    func part(_ index: Int) -> Int { index < parts.count ? parts[index] : 0 }
}
