/// Five fields of cron: minute, hour, day of month, month, day of week.
///
/// When both day fields are restricted, a day that fits either counts (POSIX). Local times that daylight saving leaves
/// out fire once, when the gap ends; those that come twice fire the first time. An expression whose hours are `*` or
/// `*/n` goes by real time instead: `*/5 * * * *` fires each five minutes, whatever clocks are put to.
package struct CronExpression: Hashable, Sendable {
    private let minutes: UInt64
    private let hours: UInt64
    private let daysOfMonth: UInt64
    private let months: UInt64
    private let daysOfWeek: UInt64
    private let restrictsDayOfMonth: Bool
    private let restrictsDayOfWeek: Bool
    private let goesByRealTime: Bool

    private static let shorthands = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    /// Days that are searched for a tick: 29 February on a given weekday comes at least once in 40 years.
    private static let horizonDays = 14_700

    package init(_ text: String) throws(CronError) {
        let whole = Self.shorthands[text.lowercased()] ?? text
        let parts = whole.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard parts.count == 5 else {
            throw CronError(
                "it has \(parts.count) fields where there are five: minute hour day-of-month month day-of-week")
        }
        minutes = try CronField.minute.read(parts[0])
        hours = try CronField.hour.read(parts[1])
        daysOfMonth = try CronField.dayOfMonth.read(parts[2])
        months = try CronField.month.read(parts[3])
        // 7 is Sunday too.
        let week = try CronField.dayOfWeek.read(parts[4])
        daysOfWeek = (week | week >> 7) & 0x7f
        restrictsDayOfMonth = !parts[2].hasPrefix("*")
        restrictsDayOfWeek = !parts[4].hasPrefix("*")
        goesByRealTime = parts[1].hasPrefix("*")
        guard next(after: 0, in: .utc) != nil else {
            throw CronError("there is no such day, so it would never fire")
        }
    }

    /// The first tick after a time, both in Unix milliseconds; nil when there is none in 40 years.
    package func next(after milliseconds: Int64, in zone: TimeZoneRules) -> Int64? {
        let seconds = CivilDate.floorDivide(Int(milliseconds), 1000)
        let found = goesByRealTime ? nextInterval(after: seconds, zone) : nextWallTime(after: seconds, zone)
        return found.map { Int64($0) * 1000 }
    }

    private func nextWallTime(after seconds: Int, _ zone: TimeZoneRules) -> Int? {
        // A time that a change of clocks moves may belong to the day before.
        let today = CivilDate.floorDivide(seconds + zone.offset(at: seconds), 86_400) - 1
        for day in today..<today + Self.horizonDays where matches(day: day) {
            for hour in 0..<24 where hours & (1 << UInt64(hour)) != 0 {
                for minute in 0..<60 where minutes & (1 << UInt64(minute)) != 0 {
                    let time = zone.time(ofLocal: day * 86_400 + hour * 3600 + minute * 60)
                    if time > seconds { return time }
                }
            }
        }
        return nil
    }

    private func nextInterval(after seconds: Int, _ zone: TimeZoneRules) -> Int? {
        var time = (CivilDate.floorDivide(seconds, 60) + 1) * 60
        let limit = time + Self.horizonDays * 86_400
        while time < limit {
            let local = time + zone.offset(at: time)
            let day = CivilDate.floorDivide(local, 86_400)
            guard matches(day: day) else {
                time = max(time + 60, zone.time(ofLocal: (day + 1) * 86_400))
                continue
            }
            let second = local - day * 86_400
            if hours & (1 << UInt64(second / 3600)) != 0, minutes & (1 << UInt64(second / 60 % 60)) != 0 { return time }
            time += 60
        }
        return nil
    }

    private func matches(day: Int) -> Bool {
        let date = CivilDate(daysSince1970: day)
        guard months & (1 << UInt64(date.month)) != 0 else { return false }
        let isDayOfMonth = daysOfMonth & (1 << UInt64(date.day)) != 0
        let isDayOfWeek = daysOfWeek & (1 << UInt64(CivilDate.weekday(daysSince1970: day))) != 0
        if restrictsDayOfMonth, restrictsDayOfWeek { return isDayOfMonth || isDayOfWeek }
        return isDayOfMonth && isDayOfWeek
    }
}

/// Why a text is no cron expression, as the end of a sentence.
package struct CronError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String

    init(_ message: String) { self.message = message }

    package var description: String { message }
}
