/// What became of the accepted events.
struct Tally: Codable, Hashable, Sendable {
    var accepted = 0
    var succeeded = 0
    var dead = 0
    var cancelled = 0
    /// Neither of these, or unknown to Glo.
    var lost = 0
    /// Events that Glo calls succeeded and that no run has completed.
    var lies = 0
    /// Events that ran to their end more often than they had to.
    var runTwice = 0
    /// Events that began more often than they had to: the ones run twice, and the ones that a kill cut off.
    var startedAgain = 0
    /// Runs of invocations that no client was told of.
    var unknownRuns = 0
    /// Some of the lost ones and the lies: each id with its state.
    var examples: [String] = []

    init() {}

    init(accepted: [AcceptedEvent], states: [String: FinalState], ledger: Ledger, plan: EventPlan) {
        self.accepted = accepted.count
        for event in accepted {
            let runs = ledger.runs[event.number] ?? []
            count(states[event.id], of: event, isLie: !runs.contains { $0.end == .completed })
            count(runs, of: event, fails: plan.fails(event.number))
        }
        let known = Set(accepted.map(\.number))
        unknownRuns += ledger.runs.reduce(0) { $0 + (known.contains($1.key) ? 0 : $1.value.count) }
    }

    private mutating func count(_ state: FinalState?, of event: AcceptedEvent, isLie: Bool) {
        switch state?.state {
        case .succeeded:
            succeeded += 1
            if isLie {
                lies += 1
                note(event, "lie")
            }
        case .dead: dead += 1
        case .cancelled: cancelled += 1
        case .queued, .running, .delayed, nil:
            lost += 1
            note(event, state?.state.rawValue ?? "unknown")
        }
    }

    private mutating func count(_ runs: [Run], of event: AcceptedEvent, fails: Bool) {
        let completed = runs.count { $0.end == .completed }
        let failed = runs.count { $0.end == .failed }
        runTwice += completed > 1 || failed > 1 ? 1 : 0
        // A first attempt that was cut off does not come to failing: then one run was enough.
        startedAgain += runs.count > (failed > 0 ? 2 : 1) ? 1 : 0
        unknownRuns += runs.count { $0.invocation != event.id }
    }

    private mutating func note(_ event: AcceptedEvent, _ word: String) {
        if examples.count < 20 { examples.append("\(event.id) \(word)") }
    }

    /// Of the accepted ones.
    func percent(_ count: Int) -> Double { accepted == 0 ? 0 : Double(count) * 100 / Double(accepted) }
}
