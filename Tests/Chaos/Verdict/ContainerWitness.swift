/// What handlers in containers wrote down, each in a ledger of its own. Some may be missing, so this can clear an event
/// of having run twice, and never more.
struct ContainerWitness: Sendable {
    /// By invocation.
    private var runs: [String: [Run]] = [:]
    /// How many ledgers were read.
    let ledgers: Int

    /// - Parameter invocations: of this run of the test; others run on the same machine.
    init(_ files: [[UInt8]], invocations: Set<String>) {
        ledgers = files.count
        for file in files {
            for run in Ledger(file).runs.values.joined() where invocations.contains(run.invocation) {
                runs[run.invocation, default: []].append(run)
            }
        }
    }

    /// Whether every beginning that Glo counted is here, and not more than one came to its end.
    func clears(_ invocation: String, _ state: FinalState) -> Bool {
        guard let runs = runs[invocation], runs.count >= state.attempts + state.crashes else { return false }
        return runs.count { $0.end == .completed } <= 1 && runs.count { $0.end == .failed } <= 1
    }
}
