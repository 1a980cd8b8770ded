/// Texts as Unix times.
extension Timestamp {
    /// Unix milliseconds of a date and time of RFC 3339, such as `2026-11-22T07:16:59Z` or
    /// `2026-11-22T08:16:59.123+01:00`; nil when it is none. Digits after the third behind the point are left out.
    package static func milliseconds(rfc3339 text: String) -> Int64? {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2), (1...12).contains(month), (1...daysOf(month, year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction: Int64 = 0
        if reader.take(".") {
            guard let thousandths = reader.thousandths() else { return nil }
            fraction = thousandths
        }
        guard let offset = offsetMinutes(&reader), reader.isAtEnd else { return nil }
        let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - offset
        return (minutes * 60 + second) * 1000 + fraction
    }

    /// `Z`, or `+hh:mm`.
    private static func offsetMinutes(_ reader: inout DigitReader) -> Int64? {
        if reader.take("Z") || reader.take("z") { return 0 }
        let isWest = reader.take("-")
        guard isWest || reader.take("+"), let hours = reader.number(2), reader.take(":"),
            let minutes = reader.number(2), hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isWest ? -1 : 1)
    }

    private static func daysOf(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970 of a Gregorian date. Years are counted from March, so the leap day ends a year.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        // The day before 0000-03-01 is reached only by January and February of year 0.
        let leapDays = (marchYear + 400) / 4 - (marchYear + 400) / 100 + (marchYear + 400) / 400 - 97
        return marchYear * 365 + leapDays + dayOfYear - 719_468
    }
}
