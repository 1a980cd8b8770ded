/// Texts as Unix times.
extension Timestamp {
    /// Unix milliseconds of a date and time of RFC 3339 (section 5.6), such as `2026-11-22T07:16:59Z` or
    /// `2026-11-22T08:16:59.123+01:00`; nil when it is none. Digits after the third behind the point are left out.
    ///
    /// - Parameter allowsLeapSecond: whether a minute may have a second 60, which is the first one of the next here.
    package static func milliseconds(rfc3339 text: String, allowsLeapSecond: Bool = false) -> Int64? {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2), (1...12).contains(month),
            (1...CivilDay.daysIn(month: month, year: year)).contains(day), hour < 24, minute < 60,
            second < (allowsLeapSecond ? 61 : 60)
        else { return nil }
        var fraction = 0
        if reader.take(".") {
            guard let thousandths = reader.thousandths() else { return nil }
            fraction = thousandths
        }
        guard let offset = offsetMinutes(&reader), reader.isAtEnd else { return nil }
        let minutes = (CivilDay(year: year, month: month, day: day).number * 24 + hour) * 60 + minute - offset
        return Int64((minutes * 60 + second) * 1000 + fraction)
    }

    /// `Z`, or `+hh:mm`.
    private static func offsetMinutes(_ reader: inout DigitReader) -> Int? {
        if reader.take("Z") || reader.take("z") { return 0 }
        let isWest = reader.take("-")
        guard isWest || reader.take("+"), let hours = reader.number(2), reader.take(":"),
            let minutes = reader.number(2), hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isWest ? -1 : 1)
    }
}
