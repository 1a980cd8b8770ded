import TextForms

/// A time zone as the variable TZ of POSIX describes it, such as `CET-1CEST,M3.5.0,M10.5.0/3` (RFC 8536, 3.3).
struct PosixTimeZone: Hashable, Sendable {
    /// When in a year the clocks are set.
    struct Change: Hashable, Sendable {
        var day: Day
        /// Seconds of local time since midnight of the day; beyond it and negative too.
        var seconds: Int64
    }

    enum Day: Hashable, Sendable {
        /// 1...365, where 29 February is not counted.
        case withoutLeapDay(Int)
        /// 0...365
        case withLeapDay(Int)
        /// The weekday (Sunday is 0) of the month's week 1...5, where 5 is the last one.
        case weekday(Int, week: Int, month: Int)
    }

    struct Summer: Hashable, Sendable {
        /// Seconds that local time is ahead of UTC.
        var offset: Int64
        var begin: Change
        var end: Change
    }

    /// Seconds that local time is ahead of UTC.
    var offset: Int64
    /// Nil when the clocks are never set.
    var summer: Summer?

    /// The period that holds a moment, in Unix seconds.
    func period(at time: Int64) -> TimeZoneRules.Period {
        guard let summer else { return TimeZoneRules.Period(start: .min, end: .max, offset: offset) }
        let year = CivilDay(number: Int((time + offset).floored(by: 86_400))).year
        var period = TimeZoneRules.Period(start: .min, end: .max, offset: offset)
        let nearby = (year - 1...year + 1).flatMap { transitions(summer, $0) }
            .sorted { isBefore($0, $1, summer) }
        for transition in nearby {
            if transition.time > time {
                period.end = transition.time
                break
            }
            period.start = transition.time
            period.offset = transition.offset
        }
        return period
    }

    private func transitions(_ summer: Summer, _ year: Int) -> [TimeZoneRules.Transition] {
        [
            TimeZoneRules.Transition(time: summer.begin.local(in: year) - offset, offset: summer.offset),
            TimeZoneRules.Transition(time: summer.end.local(in: year) - summer.offset, offset: offset),
        ]
    }

    /// Summer time without end is written as one that ends when the next begins, so that the beginning comes last.
    private func isBefore(_ a: TimeZoneRules.Transition, _ b: TimeZoneRules.Transition, _ summer: Summer) -> Bool {
        a.time == b.time ? a.offset != summer.offset && b.offset == summer.offset : a.time < b.time
    }
}

extension PosixTimeZone.Change {
    /// The moment in a year, in seconds as if local time were UTC.
    func local(in year: Int) -> Int64 { Int64(dayNumber(in: year)) * 86_400 + seconds }

    private func dayNumber(in year: Int) -> Int {
        let newYear = CivilDay(year: year, month: 1, day: 1).number
        switch day {
        case .withLeapDay(let index): return newYear + index
        case .withoutLeapDay(let index): return newYear + index - (index >= 60 && CivilDay.isLeap(year) ? 0 : 1)
        case .weekday(let weekday, let week, let month):
            let first = CivilDay(year: year, month: month, day: 1)
            let day = 1 + (weekday - first.weekday).modulo(7) + (week - 1) * 7
            return first.number + (day > CivilDay.daysIn(month: month, year: year) ? day - 7 : day) - 1
        }
    }
}
