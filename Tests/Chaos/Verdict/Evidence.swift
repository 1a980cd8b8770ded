/// What a run has left behind, from which the report is made.
struct Evidence: Sendable {
    var accepted: [AcceptedEvent]
    /// By invocation id; unknown ones are missing.
    var states: [String: FinalState]
    /// What the handlers have written.
    var ledger: Ledger
    var kills: [KillRecord]
    var unexpectedEnds: [Int32] = []
    var answers: [Int: Int] = [:]
    var directory: String?

    var recoveries: [Double] { Recovery.seconds(kills: kills, ledger: ledger) }
}
