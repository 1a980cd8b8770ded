/// The offsets of a time zone from UTC, for all times.
package struct TimeZoneRules: Hashable, Sendable {
    /// A time in which the offset does not change.
    struct Period: Hashable, Sendable {
        /// Unix seconds; the lowest number when there is no beginning.
        var start: Int64
        /// Unix seconds of the moment behind the last one; the largest number when there is no end.
        var end: Int64
        /// Seconds that local time is ahead of UTC.
        var offset: Int64
    }

    /// A moment at which an offset begins.
    struct Transition: Hashable, Sendable {
        /// Unix seconds
        var time: Int64
        /// Seconds that local time is ahead of UTC.
        var offset: Int64
    }

    /// Coordinated universal time, which needs no data.
    package static let utc = TimeZoneRules(first: 0, transitions: [], rule: nil)

    /// The offset before all transitions.
    private let first: Int64
    /// Ascending.
    private let transitions: [Transition]
    /// What holds behind the last transition; nil is its offset for ever.
    private let rule: PosixTimeZone?

    init(first: Int64, transitions: [Transition], rule: PosixTimeZone?) {
        self.first = first
        self.transitions = transitions
        self.rule = rule
    }

    /// The period that holds a moment, in Unix seconds. Two that follow each other may have the same offset.
    func period(at time: Int64) -> Period {
        let index = firstTransition(after: time)
        let start = index == 0 ? Int64.min : transitions[index - 1].time
        guard index == transitions.count, let rule else {
            let end = index == transitions.count ? Int64.max : transitions[index].time
            return Period(start: start, end: end, offset: index == 0 ? first : transitions[index - 1].offset)
        }
        var period = rule.period(at: time)
        period.start = max(period.start, start)
        return period
    }

    private func firstTransition(after time: Int64) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
