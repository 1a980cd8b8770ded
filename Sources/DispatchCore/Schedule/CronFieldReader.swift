/// Reads one field of a cron expression.
enum CronFieldReader {
    /// The values of a list of items, each `*`, a value or a range, with an optional step. Bit *n* is the value *n*.
    static func bits(of text: Substring, _ field: CronField) throws(CronExpressionError) -> UInt64 {
        var bits: UInt64 = 0
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            bits |= try self.bits(ofItem: item, field)
        }
        let sunday: UInt64 = 1 << 7
        return field == .dayOfWeek && bits & sunday != 0 ? bits & ~sunday | 1 : bits
    }

    private static func bits(ofItem item: Substring, _ field: CronField) throws(CronExpressionError) -> UInt64 {
        let halves = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = halves.first else { throw .value(field, String(item)) }
        var step = 1
        if halves.count == 2 {
            guard let number = number(halves[1]), (1...field.range.upperBound).contains(number) else {
                throw .step(field, String(item))
            }
            step = number
        }
        guard let (low, high) = ends(base, hasStep: halves.count == 2, field) else { throw .value(field, String(item)) }
        guard low <= high else { throw .backwards(field, String(item)) }
        return stride(from: low, through: high, by: step).reduce(into: 0) { $0 |= 1 << UInt64($1) }
    }

    private static func ends(_ base: Substring, hasStep: Bool, _ field: CronField) -> (low: Int, high: Int)? {
        if base == "*" { return (field.range.lowerBound, field.last) }
        let ends = base.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = ends.first, let low = value(first, field) else { return nil }
        switch ends.count {
        // `7/2` of the week begins on the Sunday behind the last day.
        case 1: return (low, hasStep ? max(low, field.last) : low)
        case 2: return value(ends[1], field).map { (low, $0) }
        default: return nil
        }
    }

    private static func value(_ text: Substring, _ field: CronField) -> Int? {
        if let index = field.words.firstIndex(of: text.lowercased()) { return field.range.lowerBound + index }
        return number(text).flatMap { field.range.contains($0) ? $0 : nil }
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }
}
