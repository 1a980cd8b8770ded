import TextForms

extension CronExpression {
    /// No date is rarer than 29 February on one weekday, which comes within 40 years.
    private static let reachSeconds: Int64 = 50 * 366 * 86_400
    /// More than any two offsets from UTC differ.
    private static let lookBackSeconds: Int64 = 2 * 86_400

    /// The first moment that is due behind `after`, both in Unix milliseconds; nil outside the years 1 to 9999.
    ///
    /// When clocks are set and the hour begins with `*`, the wall clock's fields are matched as they pass: a skipped
    /// hour brings nothing and a doubled one counts twice, so that `*/5 * * * *` stays an interval of five minutes.
    /// Otherwise each local moment comes once: a skipped one right behind the gap, a doubled one the first time.
    package func next(after unixMilliseconds: Int64, in zone: TimeZoneRules) -> Int64? {
        guard (-62_135_596_800_000...253_402_300_799_999).contains(unixMilliseconds) else { return nil }
        let earliest = unixMilliseconds.floored(by: 1000) + 1
        let seconds = isInterval ? nextOfInterval(earliest, zone) : nextOfLocalTime(earliest, zone)
        return seconds.map { $0 * 1000 }
    }

    private func nextOfInterval(_ earliest: Int64, _ zone: TimeZoneRules) -> Int64? {
        let limit = earliest + Self.reachSeconds
        var start = earliest
        while start < limit {
            let period = zone.period(at: start)
            let end = min(period.end, limit)
            if let local = firstMatch(from: start + period.offset, below: end + period.offset) {
                return local - period.offset
            }
            start = end
        }
        return nil
    }

    private func nextOfLocalTime(_ earliest: Int64, _ zone: TimeZoneRules) -> Int64? {
        let limit = earliest + Self.reachSeconds
        var start = earliest - Self.lookBackSeconds
        // The local time that the clocks have reached at some moment, be it that they were set back since.
        var reached = start + zone.period(at: start).offset
        while start < limit {
            let period = zone.period(at: start)
            let end = min(period.end, limit)
            let localStart = start + period.offset
            let localEnd = end + period.offset
            if start >= earliest, firstMatch(from: reached, below: localStart) != nil { return start }
            let from = max(localStart, reached, earliest + period.offset)
            if let local = firstMatch(from: from, below: localEnd) { return local - period.offset }
            reached = max(reached, localEnd)
            start = end
        }
        return nil
    }

    /// The first full minute of local time that matches, in seconds as if local time were UTC.
    private func firstMatch(from: Int64, below limit: Int64) -> Int64? {
        guard from < limit else { return nil }
        let firstMinute = (from + 59).floored(by: 60)
        var date = CivilDay(number: Int(firstMinute.floored(by: 1440)))
        var minuteOfDay = Int(firstMinute.modulo(1440))
        while Int64(date.number) * 86_400 < limit {
            if months & 1 << date.month == 0 {
                date = date.nextMonth
            } else {
                if matches(date), let minute = firstMinuteOfDay(from: minuteOfDay) {
                    let match = Int64(date.number) * 86_400 + Int64(minute) * 60
                    return match < limit ? match : nil
                }
                date = CivilDay(number: date.number + 1)
            }
            minuteOfDay = 0
        }
        return nil
    }

    private func firstMinuteOfDay(from minuteOfDay: Int) -> Int? {
        let hour = minuteOfDay / 60
        if hours & 1 << hour != 0, let minute = Self.firstBit(of: minutes, from: minuteOfDay % 60) {
            return hour * 60 + minute
        }
        guard let later = Self.firstBit(of: hours, from: hour + 1) else { return nil }
        return later * 60 + minutes.trailingZeroBitCount
    }

    private static func firstBit(of bits: UInt64, from index: Int) -> Int? {
        let rest = (bits >> index) << index
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }
}
