/// Which kills made events run to their end twice.
enum Repetition {
    /// Of the repeated runs, how many followed a kill of each kind; `none` for those between whose two ends nothing was
    /// killed.
    static func causes(kills: [KillRecord], ledger: Ledger) -> [String: Int] {
        var causes: [String: Int] = [:]
        for runs in ledger.runs.values {
            for end in [Run.End.completed, .failed] {
                let ended = runs.filter { $0.end == end }
                for (first, second) in zip(ended, ended.dropFirst()) {
                    let cause = kills.first { kill in
                        // A run may begin after the signal and before the process is gone.
                        (kill.backAt ?? kill.at) >= first.startedAt && kill.at <= second.startedAt
                            && (kill.kind != .worker || kill.pid == first.pid)
                    }
                    causes[cause?.kind.rawValue ?? "none", default: 0] += 1
                }
            }
        }
        return causes
    }
}
