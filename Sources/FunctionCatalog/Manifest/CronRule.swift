/// The form of a cron expression: five fields, each a list of `*`, values and ranges with optional steps.
enum CronRule {
    private static let fields: [(name: String, range: ClosedRange<Int>, words: [String])] = [
        ("minute", 0...59, []), ("hour", 0...23, []), ("day of month", 1...31, []),
        ("month", 1...12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        ("day of week", 0...7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]
    private static let shorthands: Set<String> = [
        "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually",
    ]

    /// What is wrong with an expression; nil when it is right.
    static func violation(_ text: String) -> String? {
        if shorthands.contains(text) { return nil }
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == fields.count else {
            return "it has \(parts.count) fields where there are five: minute hour day-of-month month day-of-week"
        }
        for (part, field) in zip(parts, fields) {
            for item in part.split(separator: ",", omittingEmptySubsequences: false)
            where !isItem(String(item), field.range, field.words) {
                return "'\(part)' is no \(field.name) (\(field.range.lowerBound)-\(field.range.upperBound))"
            }
        }
        return nil
    }

    private static func isItem(_ text: String, _ range: ClosedRange<Int>, _ words: [String]) -> Bool {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard halves.count <= 2, let base = halves.first else { return false }
        if halves.count == 2 {
            guard let step = Int(halves[1]), step >= 1, step <= range.upperBound else { return false }
        }
        if base == "*" { return true }
        let ends = base.split(separator: "-", omittingEmptySubsequences: false).map { value(String($0), range, words) }
        switch ends.count {
        case 1: return ends[0] != nil
        case 2:
            guard let low = ends[0], let high = ends[1] else { return false }
            return low <= high
        default: return false
        }
    }

    private static func value(_ text: String, _ range: ClosedRange<Int>, _ words: [String]) -> Int? {
        if let index = words.firstIndex(of: text.lowercased()) { return range.lowerBound + index }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text) else { return nil }
        return range.contains(number) ? number : nil
    }
}
