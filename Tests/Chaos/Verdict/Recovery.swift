/// How long it took after each kill until everything went on. Kills of workers are left out: nothing but their own
/// event waits for them.
///
/// A kill is recovered from when every event that was in flight has ended or was cut off by a later kill, which then
/// counts it, and when an event that began after the restart has ended.
enum Recovery {
    /// Seconds, one for each kill that had something in flight or something after it.
    static func seconds(kills: [KillRecord], ledger: Ledger) -> [Double] {
        let timeline = KillTimeline(kills)
        var until = [Int64?](repeating: nil, count: timeline.kills.count)
        for runs in ledger.runs.values {
            for (index, run) in runs.enumerated() {
                let following = index + 1 < runs.count ? runs[index + 1] : nil
                let alive = min(
                    timeline.end(of: run, isRepeated: following != nil), following?.startedAt ?? .max)
                // A run that went on after the kill and was recorded needs no other.
                guard let over = following.map({ $0.endedAt ?? $0.startedAt }) ?? run.endedAt else { continue }
                for kill in timeline.kills(from: run.startedAt, through: alive) {
                    until[kill] = max(until[kill] ?? .min, over)
                }
            }
        }
        let ends = ledger.runs.values.joined().compactMap { run in run.endedAt.map { (run.startedAt, $0) } }
        return timeline.seconds(inFlight: until, following: ends)
    }

    /// The value that so many of a hundred do not exceed (nearest rank); nil of nothing.
    static func percentile(_ percent: Double, of values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let rank = Int((percent / 100 * Double(values.count)).rounded(.up))
        return values.sorted()[min(values.count, max(1, rank)) - 1]
    }
}
