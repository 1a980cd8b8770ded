/// Unix times as text, without a calendar library: only UTC is ever shown.
package enum Timestamp {
    /// `2026-11-22T07:16:59.123Z` (RFC 3339) of Unix milliseconds.
    package static func rfc3339(milliseconds: Int64) -> String {
        let (date, time) = parts(milliseconds)
        return "\(date)T\(time).\(padded(milliseconds.modulo(1000), 3))Z"
    }

    /// `2026-11-22 07:16:59` of Unix milliseconds, in UTC, for tables.
    package static func table(milliseconds: Int64) -> String {
        let (date, time) = parts(milliseconds)
        return "\(date) \(time)"
    }

    /// `20261122T071659Z`, the basic format of ISO 8601, of Unix seconds.
    package static func basic(unixSeconds: Int64) -> String {
        let time = CivilTime(unixSeconds: unixSeconds)
        return padded(time.day.year, 4) + padded(time.day.month, 2) + padded(time.day.day, 2) + "T"
            + padded(time.hour, 2) + padded(time.minute, 2) + padded(time.second, 2) + "Z"
    }

    /// A decimal number with zeros in front.
    package static func padded(_ value: some BinaryInteger, _ width: Int) -> String {
        let digits = String(Int(value))
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func parts(_ milliseconds: Int64) -> (date: String, time: String) {
        let time = CivilTime(unixSeconds: milliseconds.floored(by: 1000))
        let day = time.day
        let date = "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
        return (date, "\(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))")
    }
}
