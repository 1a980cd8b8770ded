/// One of the five fields, and how it is read.
struct CronField {
    let name: String
    let range: ClosedRange<Int>
    var words: [String] = []

    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let dayOfMonth = CronField(name: "day of month", range: 1...31)
    static let month = CronField(
        name: "month", range: 1...12,
        words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let dayOfWeek = CronField(
        name: "day of week", range: 0...7, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    /// The values as bits.
    func read(_ text: String) throws(CronError) -> UInt64 {
        var bits: UInt64 = 0
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let more = self.bits(of: item) else {
                throw CronError("'\(text)' is no \(name) (\(range.lowerBound)-\(range.upperBound))")
            }
            bits |= more
        }
        return bits
    }

    /// A value, a range, `*`, each with perhaps a step; a value with a step goes on to the end of the range.
    private func bits(of item: Substring) -> UInt64? {
        let halves = item.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count <= 2, let base = halves.first else { return nil }
        var step: Int?
        if halves.count == 2 {
            guard let number = Self.digits(halves[1]), (1...range.upperBound).contains(number) else { return nil }
            step = number
        }
        guard let values = values(of: base, isStepped: step != nil) else { return nil }
        var bits: UInt64 = 0
        for value in stride(from: values.lowerBound, through: values.upperBound, by: step ?? 1) {
            bits |= 1 << UInt64(value)
        }
        return bits
    }

    private func values(of base: Substring, isStepped: Bool) -> ClosedRange<Int>? {
        if base == "*" { return range.lowerBound...(name == "day of week" ? 6 : range.upperBound) }
        let ends = base.split(separator: "-", omittingEmptySubsequences: false).map { value($0) }
        switch ends.count {
        case 1:
            guard let value = ends[0] else { return nil }
            return isStepped ? value...range.upperBound : value...value
        case 2:
            guard let low = ends[0], let high = ends[1], low <= high else { return nil }
            return low...high
        default: return nil
        }
    }

    private func value(_ text: Substring) -> Int? {
        if let index = words.firstIndex(of: text.lowercased()) { return range.lowerBound + index }
        return Self.digits(text).flatMap { range.contains($0) ? $0 : nil }
    }

    private static func digits(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
