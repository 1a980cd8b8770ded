/// One line of `glo schedule ls`. Times are Unix times in milliseconds.
package struct ScheduleInfo: Codable, Hashable, Sendable {
    package var name: String
    package var function: String
    /// The cron expression, or `every 30s`.
    package var spec: String
    package var timezone: String
    /// What happens when the last event has not ended: `allow`, `skip` or `replace`.
    package var overlap: String
    /// The last tick.
    package var lastMilliseconds: Int64?
    package var nextMilliseconds: Int64?
    /// Ticks that made an event.
    package var fired: Int
    /// Ticks that were left out because the event before had not ended.
    package var skipped: Int

    package init(
        name: String, function: String, spec: String, timezone: String = "UTC", overlap: String = "skip",
        lastMilliseconds: Int64? = nil, nextMilliseconds: Int64? = nil, fired: Int = 0, skipped: Int = 0
    ) {
        self.name = name
        self.function = function
        self.spec = spec
        self.timezone = timezone
        self.overlap = overlap
        self.lastMilliseconds = lastMilliseconds
        self.nextMilliseconds = nextMilliseconds
        self.fired = fired
        self.skipped = skipped
    }
}
