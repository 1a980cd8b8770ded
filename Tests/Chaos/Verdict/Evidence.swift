/// What a run has left behind, from which the report is made.
struct Evidence: Sendable {
    var accepted: [AcceptedEvent]
    /// By invocation id; unknown ones are missing.
    var states: [String: FinalState]
    /// Nil when the handlers could not write one.
    var ledger: Ledger?
    /// What handlers in containers have written.
    var witness: ContainerWitness?
    var kills: [KillRecord]
    var unexpectedEnds: [Int32] = []
    var answers: [Int: Int] = [:]
    var directory: String?

    var recoveries: [Double] {
        guard let ledger else { return Recovery.seconds(kills: kills, accepted: accepted, states: states) }
        return Recovery.seconds(kills: kills, ledger: ledger)
    }
}
