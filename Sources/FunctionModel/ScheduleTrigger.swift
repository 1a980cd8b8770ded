/// A clock.
package struct ScheduleTrigger: Hashable, Sendable {
    /// Five fields of cron; nil with a period.
    package var cron: String?
    package var everyMilliseconds: Int?
    package var timezone = "UTC"
    package var overlap = Overlap.skip
    /// What is made up for after a stop.
    package var catchUp = CatchUp.last
    /// The event; nil is Lambda's scheduled event.
    package var input: String?
    /// The alias that its events go to; nil is the version that serves.
    package var alias: String?

    /// What happens when the event of the tick before has not ended.
    package enum Overlap: String, Hashable, Sendable, CaseIterable {
        case allow
        case skip
        /// That one is cancelled.
        case replace
    }

    package enum CatchUp: String, Hashable, Sendable, CaseIterable {
        case none
        case last
        case all
    }

    package init() {}
}
