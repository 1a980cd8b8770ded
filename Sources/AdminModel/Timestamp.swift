/// Unix times as text, without a calendar library: only UTC is ever shown.
package enum Timestamp {
    /// `2026-11-22T07:16:59.123Z` (RFC 3339) of Unix milliseconds.
    package static func rfc3339(milliseconds: Int64) -> String {
        let (date, time) = parts(milliseconds)
        return "\(date)T\(time).\(padded(floorRemainder(milliseconds, 1000), 3))Z"
    }

    /// `2026-11-22 07:16:59` of Unix milliseconds, in UTC, for tables.
    package static func table(milliseconds: Int64) -> String {
        let (date, time) = parts(milliseconds)
        return "\(date) \(time)"
    }

    /// A decimal number with zeros in front.
    package static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func parts(_ milliseconds: Int64) -> (date: String, time: String) {
        let seconds = (milliseconds - floorRemainder(milliseconds, 1000)) / 1000
        let secondOfDay = floorRemainder(seconds, 86_400)
        let (year, month, day) = civil(daysSince1970: (seconds - secondOfDay) / 86_400)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let time = "\(padded(secondOfDay / 3600, 2)):\(padded(secondOfDay / 60 % 60, 2)):\(padded(secondOfDay % 60, 2))"
        return (date, time)
    }

    /// The Gregorian date of a day number. Years are counted from March, so the leap day ends a year.
    private static func civil(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = daysSince1970 + 719_468
        let dayOfEra = floorRemainder(days, 146_097)
        let era = (days - dayOfEra) / 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floorRemainder(_ value: Int64, _ divisor: Int64) -> Int64 {
        let remainder = value % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
