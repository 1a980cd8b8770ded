import TextForms

/// When something is due, as five fields of local time: minute, hour, day of month, month, day of week.
///
/// Where both day fields are restricted a day needs to match only one of them, as POSIX has it; a field that begins with
/// `*` is not restricted, as in Vixie's cron.
package struct CronExpression: Hashable, Sendable {
    /// Bit *n* is the value *n*.
    let minutes: UInt64
    let hours: UInt64
    let daysOfMonth: UInt64
    let months: UInt64
    /// Sunday is bit 0.
    let daysOfWeek: UInt64
    let needsBothDays: Bool
    /// Whether the hour begins with `*`. Such an expression means an interval, so that it follows the time that passes
    /// when clocks are set; one of fixed hours means moments of the local day, each of which comes once.
    let isInterval: Bool

    static let shorthands: [(name: String, expression: String)] = [
        ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"), ("@monthly", "0 0 1 * *"), ("@weekly", "0 0 * * 0"),
        ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@hourly", "0 * * * *"),
    ]

    /// Reads an expression such as `*/5 8-18 * jan-mar mon,fri` or `@daily`.
    package init(_ text: String) throws(CronExpressionError) {
        var parts = text.split { $0 == " " || $0 == "\t" }
        if let first = parts.first, first.hasPrefix("@"), parts.count == 1 {
            guard let shorthand = Self.shorthands.first(where: { $0.name == first.lowercased() }) else {
                throw .unknownShorthand(String(first))
            }
            parts = shorthand.expression.split(separator: " ")
        }
        guard parts.count == CronField.allCases.count else { throw .fieldCount(parts.count) }
        minutes = try CronFieldReader.bits(of: parts[0], .minute)
        hours = try CronFieldReader.bits(of: parts[1], .hour)
        daysOfMonth = try CronFieldReader.bits(of: parts[2], .dayOfMonth)
        months = try CronFieldReader.bits(of: parts[3], .month)
        daysOfWeek = try CronFieldReader.bits(of: parts[4], .dayOfWeek)
        needsBothDays = parts[2].hasPrefix("*") || parts[4].hasPrefix("*")
        isInterval = parts[1].hasPrefix("*")
        guard canFire else { throw .neverFires }
    }

    /// In 400 years every date comes on every weekday, so a date that exists is enough.
    private var canFire: Bool {
        guard needsBothDays else { return true }
        return (1...12).contains { month in
            // A leap year has every day that any year has.
            months & 1 << month != 0 && (1...CivilDay.daysIn(month: month, year: 2000)).contains(where: hasDayOfMonth)
        }
    }

    private func hasDayOfMonth(_ day: Int) -> Bool { daysOfMonth & 1 << day != 0 }

    /// Whether the expression's day fields hold the date.
    func matches(_ date: CivilDay) -> Bool {
        let byMonth = hasDayOfMonth(date.day)
        let byWeek = daysOfWeek & 1 << date.weekday != 0
        return needsBothDays ? byMonth && byWeek : byMonth || byWeek
    }
}
