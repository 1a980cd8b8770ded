package import FunctionModel
import TextForms

/// When the ticks of a schedule are.
package enum ScheduleRule: Hashable, Sendable {
    /// Multiples of a period in milliseconds since 1970, so that all controllers agree on them.
    case every(Int64)
    case cron(CronExpression, TimeZoneRules)

    /// - Throws: when the trigger's expression is none, which a manifest that was checked does not have.
    package init(_ trigger: ScheduleTrigger, in zone: TimeZoneRules) throws(CronExpressionError) {
        if let period = trigger.everyMilliseconds, period > 0 {
            self = .every(Int64(period))
        } else {
            self = .cron(try CronExpression(trigger.cron ?? ""), zone)
        }
    }

    /// The first tick behind a moment, both in Unix milliseconds; nil when there is none for decades.
    package func next(after time: Int64) -> Int64? {
        switch self {
        case .every(let period):
            let (tick, overflow) = (time - time.modulo(period)).addingReportingOverflow(period)
            return overflow ? nil : tick
        case .cron(let expression, let zone): return expression.next(after: time, in: zone)
        }
    }

    /// The last tick before a moment; nil when there is none since 1970.
    package func previous(before time: Int64) -> Int64? { latest(1, after: 0, through: time - 1).last }

    /// The latest ticks behind `start` and not behind `end`, ascending; at most `limit`.
    func latest(_ limit: Int, after start: Int64, through end: Int64) -> [Int64] {
        switch self {
        case .every(let period):
            guard start < end else { return [] }
            let last = end - end.modulo(period)
            let count = min(Int64(limit), (last - (start - start.modulo(period))) / period)
            return (0..<count).reversed().map { last - $0 * period }
        case .cron: return latestOfCron(limit, after: start, through: end)
        }
    }

    /// Looks back in windows that grow, since after a long rest there may be many more ticks than are wanted.
    private func latestOfCron(_ limit: Int, after start: Int64, through end: Int64) -> [Int64] {
        var window = Int64(limit) * 60_000
        while start < end {
            let from = window < end - start ? end - window : start
            var ticks: [Int64] = []
            var time = from
            while let tick = next(after: time), tick <= end {
                ticks.append(tick)
                time = tick
            }
            if ticks.count >= limit || from == start { return Array(ticks.suffix(limit)) }
            window *= 8
        }
        return []
    }
}
