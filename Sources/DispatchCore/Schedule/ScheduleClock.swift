package import FunctionModel

/// Says which ticks of a schedule are due. A pure value; all times are Unix milliseconds.
package struct ScheduleClock: Sendable {
    private enum Rhythm: Sendable {
        case cron(CronExpression, TimeZoneRules)
        /// Multiples of the period since 1970, so that every controller has the same.
        case every(Int64)
    }

    /// Ticks that one catch-up makes at most, the latest ones.
    package static let mostTicks = 1000

    private let rhythm: Rhythm
    private let catchUp: ScheduleTrigger.CatchUp

    package init(_ trigger: ScheduleTrigger, zone: TimeZoneRules) throws(CronError) {
        if let cron = trigger.cron {
            rhythm = .cron(try CronExpression(cron), zone)
        } else {
            rhythm = .every(Int64(max(1000, trigger.everyMilliseconds ?? 60_000)))
        }
        catchUp = trigger.catchUp
    }

    /// Ticks after the last one that was made, up to now, oldest first. Of those that were missed only as many as the
    /// catch-up allows; the present one, not older than ``graceMilliseconds``, always.
    package func due(last: Int64, now: Int64) -> [Int64] {
        var ticks: [Int64] = []
        var tick = next(after: start(last: last, now: now))
        while let current = tick, current <= now {
            ticks.append(current)
            if ticks.count > 2 * Self.mostTicks { ticks.removeFirst(Self.mostTicks) }
            tick = next(after: current)
        }
        switch catchUp {
        case .all: return Array(ticks.suffix(Self.mostTicks))
        case .last: return Array(ticks.suffix(1))
        case .none: return ticks.last.map { now - $0 <= Self.graceMilliseconds ? [$0] : [] } ?? []
        }
    }

    /// A tick that is looked at this late is not a missed one.
    package static let graceMilliseconds: Int64 = 5_000

    /// When the next tick is due.
    package func next(last: Int64, now: Int64) -> Int64? { next(after: max(last, now)) }

    private func next(after time: Int64) -> Int64? {
        switch rhythm {
        case .cron(let expression, let zone): expression.next(after: time, in: zone)
        case .every(let period): (time / period + 1) * period
        }
    }

    /// A short period and a long stop would be many ticks of which few count.
    private func start(last: Int64, now: Int64) -> Int64 {
        switch rhythm {
        case .cron: max(last, now - 366 * 86_400_000)
        case .every(let period): max(last, now - period * Int64(Self.mostTicks))
        }
    }
}
