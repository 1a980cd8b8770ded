/// A kill and when it is due. Progress, not time, is the measure: while nothing is accepted nothing is killed, so that
/// the kills are spread over the events however long they take.
struct PlannedKill: Hashable, Sendable {
    var kind: KillKind
    /// How many events are accepted when it is due.
    var afterAccepted: Int
}
