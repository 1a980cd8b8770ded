/// The rule of a `TZ` variable (POSIX, 8.3), such as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct PosixTimeZone: Hashable, Sendable {
    /// A day of the year and a time on it.
    private enum Day: Hashable {
        /// The n-th weekday of a month; the fifth is the last.
        case weekday(month: Int, week: Int, weekday: Int)
        /// 1 to 365, without 29 February.
        case julian(Int)
        /// 0 to 365.
        case ordinal(Int)
    }

    private struct Change: Hashable {
        var day: Day
        /// Seconds after midnight; may be negative or more than a day.
        var seconds: Int
    }

    private let standard: Int
    private var summer: Int?
    private var begin: Change?
    private var end: Change?

    /// Nil when the text is no rule.
    init?(_ text: String) {
        var reader = Reader(text)
        guard reader.name(), let offset = reader.time() else { return nil }
        standard = -offset
        guard !reader.isAtEnd else { return }
        guard reader.name() else { return nil }
        summer = reader.peek == UInt8(ascii: ",") ? standard + 3600 : reader.time().map { -$0 }
        guard summer != nil, let begin = reader.change(), let end = reader.change() else { return nil }
        self.begin = begin
        self.end = end
    }

    /// Seconds east of UTC.
    func offset(at time: Int) -> Int {
        guard let summer, let begin, let end else { return standard }
        let year = CivilDate(daysSince1970: CivilDate.floorDivide(time + standard, 86_400)).year
        let start = Self.local(begin, year) - standard
        let stop = Self.local(end, year) - summer
        let isSummer = start < stop ? (start..<stop).contains(time) : !(stop..<start).contains(time)
        return isSummer ? summer : standard
    }

    private static func local(_ change: Change, _ year: Int) -> Int {
        let firstDay = CivilDate(year: year, month: 1, day: 1).daysSince1970
        let days: Int
        switch change.day {
        case .ordinal(let day): days = firstDay + day
        case .julian(let day): days = firstDay + day - 1 + (CivilDate.isLeap(year) && day >= 60 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(year: year, month: month, day: 1).daysSince1970
            let shift = (weekday - CivilDate.weekday(daysSince1970: first) + 7) % 7
            var day = 1 + shift + 7 * (week - 1)
            while day > CivilDate.days(inMonth: month, of: year) { day -= 7 }
            days = first + day - 1
        }
        return days * 86_400 + change.seconds
    }

    /// Takes a rule's text apart.
    private struct Reader {
        private var rest: Substring.UTF8View

        init(_ text: String) { rest = Substring(text).utf8 }

        var isAtEnd: Bool { rest.isEmpty }
        var peek: UInt8? { rest.first }

        mutating func take(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }

        /// Letters, or anything between angle brackets.
        mutating func name() -> Bool {
            if take(UInt8(ascii: "<")) {
                while let byte = rest.first, byte != UInt8(ascii: ">") { rest.removeFirst() }
                return take(UInt8(ascii: ">"))
            }
            var count = 0
            while let byte = rest.first, (byte | 0x20) &- 97 < 26 {
                rest.removeFirst()
                count += 1
            }
            return count >= 3
        }

        mutating func number() -> Int? {
            var value: Int?
            while let byte = rest.first, byte &- 48 < 10 {
                guard (value ?? 0) < 100_000 else { return nil }
                value = (value ?? 0) * 10 + Int(byte - 48)
                rest.removeFirst()
            }
            return value
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time() -> Int? {
            let isNegative = take(UInt8(ascii: "-"))
            if !isNegative { _ = take(UInt8(ascii: "+")) }
            guard let hours = number() else { return nil }
            var seconds = hours * 3600
            if take(UInt8(ascii: ":")) {
                guard let minutes = number() else { return nil }
                seconds += minutes * 60
                if take(UInt8(ascii: ":")) {
                    guard let rest = number() else { return nil }
                    seconds += rest
                }
            }
            return isNegative ? -seconds : seconds
        }

        mutating func change() -> Change? {
            guard take(UInt8(ascii: ",")), let day = day() else { return nil }
            guard take(UInt8(ascii: "/")) else { return Change(day: day, seconds: 7200) }
            return time().map { Change(day: day, seconds: $0) }
        }

        private mutating func day() -> Day? {
            if take(UInt8(ascii: "J")) { return number().map { .julian($0) } }
            guard take(UInt8(ascii: "M")) else { return number().map { .ordinal($0) } }
            guard let month = number(), take(UInt8(ascii: ".")), let week = number(), take(UInt8(ascii: ".")),
                let weekday = number(), (1...12).contains(month), (1...5).contains(week), (0...6).contains(weekday)
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}
