/// Reads the text of a ``PosixTimeZone``.
struct PosixTimeZoneReader {
    private var rest: Substring.UTF8View

    /// Nil when the text has not the form.
    static func read(_ text: String) -> PosixTimeZone? {
        var reader = PosixTimeZoneReader(rest: Substring(text).utf8)
        guard let zone = reader.readZone(), reader.rest.isEmpty else { return nil }
        return zone
    }

    private mutating func readZone() -> PosixTimeZone? {
        guard readName(), let west = readTime() else { return nil }
        guard !rest.isEmpty else { return PosixTimeZone(offset: -west) }
        guard readName() else { return nil }
        var summerWest = west - 3600
        if rest.first != UInt8(ascii: ",") {
            guard let time = readTime() else { return nil }
            summerWest = time
        }
        guard let begin = readChange(), let end = readChange() else { return nil }
        return PosixTimeZone(
            offset: -west, summer: PosixTimeZone.Summer(offset: -summerWest, begin: begin, end: end))
    }

    /// Skips three and more letters, or `<…>`.
    private mutating func readName() -> Bool {
        if skip("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let letters = rest.prefix { (65...90).contains($0) || (97...122).contains($0) }
        rest = rest[letters.endIndex...]
        return letters.count >= 3
    }

    /// `[+-]h[hh][:mm[:ss]]` in seconds.
    private mutating func readTime() -> Int64? {
        let sign: Int64 = skip("-") ? -1 : 1
        if sign > 0 { _ = skip("+") }
        guard let hours = readNumber(0...167) else { return nil }
        var seconds = hours * 3600
        for factor in [60, 1] where skip(":") {
            guard let part = readNumber(0...59) else { return nil }
            seconds += part * factor
        }
        return sign * Int64(seconds)
    }

    private mutating func readChange() -> PosixTimeZone.Change? {
        guard skip(","), let day = readDay() else { return nil }
        guard skip("/") else { return PosixTimeZone.Change(day: day, seconds: 7200) }
        return readTime().map { PosixTimeZone.Change(day: day, seconds: $0) }
    }

    private mutating func readDay() -> PosixTimeZone.Day? {
        if skip("J") { return readNumber(1...365).map { .withoutLeapDay($0) } }
        guard skip("M") else { return readNumber(0...365).map { .withLeapDay($0) } }
        guard let month = readNumber(1...12), skip("."), let week = readNumber(1...5), skip("."),
            let weekday = readNumber(0...6)
        else { return nil }
        return .weekday(weekday, week: week, month: month)
    }

    private mutating func readNumber(_ range: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { (48...57).contains($0) }
        guard (1...3).contains(digits.count) else { return nil }
        rest = rest[digits.endIndex...]
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        return range.contains(number) ? number : nil
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first.map({ Unicode.Scalar($0) }) == character else { return false }
        rest = rest.dropFirst()
        return true
    }
}
