package import FunctionModel

/// What is known of a schedule.
package struct ScheduleState: Hashable, Sendable {
    /// Unix time of its last tick, or of the moment when its expression was first seen.
    package let lastAtMilliseconds: Int
    /// Redis' Unix time.
    package let nowMilliseconds: Int
    package let fired: Int
    package let skipped: Int
    package let lastID: InvocationID?
}
