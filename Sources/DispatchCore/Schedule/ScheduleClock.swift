package import FunctionModel

/// Tells which ticks of a schedule are due. Times are Unix milliseconds.
///
/// Whoever owns it calls ``take(now:)`` at ``nextDue`` and keeps ``position`` somewhere that outlives the process.
package struct ScheduleClock: Hashable, Sendable {
    /// The most ticks that are made up for.
    package static let tickLimit = 1000
    /// How late a tick may be without being a missed one.
    package static let graceMilliseconds: Int64 = 60_000

    private let rule: ScheduleRule
    private let catchUp: ScheduleTrigger.CatchUp
    /// No tick that comes is at or before this moment: the latest one that was handed out or passed over, or the
    /// moment at which a new clock was made. It never goes back, whatever the wall clock does.
    package private(set) var position: Int64
    /// When ``take(now:)`` has something to hand out; nil when there is nothing for decades.
    package private(set) var nextDue: Int64?

    /// - Parameter lastTick: the ``position`` of the clock before; nil for a schedule that is new, which has missed
    ///   nothing.
    package init(rule: ScheduleRule, catchUp: ScheduleTrigger.CatchUp, lastTick: Int64?, now: Int64) {
        self.rule = rule
        self.catchUp = catchUp
        position = max(lastTick ?? now, 0)
        nextDue = rule.next(after: position)
    }

    /// - Throws: as ``ScheduleRule`` does.
    package init(_ trigger: ScheduleTrigger, in zone: TimeZoneRules, lastTick: Int64?, now: Int64)
        throws(CronExpressionError)
    {
        let rule = try ScheduleRule(trigger, in: zone)
        self.init(rule: rule, catchUp: trigger.catchUp, lastTick: lastTick, now: now)
    }

    /// The ticks that are due, ascending, each handed out once. Of several that came since the last call `all` brings
    /// the latest ``tickLimit``, `last` the latest one, and `none` the latest one if it is not late.
    package mutating func take(now: Int64) -> [Int64] {
        guard let due = nextDue, due <= now else { return [] }
        let ticks = rule.latest(catchUp == .all ? Self.tickLimit : 1, after: position, through: now)
        guard let last = ticks.last else { return [] }
        skip(through: last)
        switch catchUp {
        case .all, .last: return ticks
        case .none: return now - last <= Self.graceMilliseconds ? ticks : []
        }
    }

    /// Passes over the ticks up to a moment, such as those that another controller handed out.
    package mutating func skip(through tick: Int64) {
        guard tick > position else { return }
        position = tick
        nextDue = rule.next(after: tick)
    }
}
