/// The kills in the order of time, to look runs up in.
struct KillTimeline: Sendable {
    /// Those of controllers and Redis.
    let kills: [KillRecord]
    /// When each worker that was killed was, by its process id.
    private let workers: [Int32: [Int64]]

    init(_ all: [KillRecord]) {
        kills = all.filter { $0.kind != .worker }.sorted { $0.at < $1.at }
        workers = Dictionary(grouping: all.filter { $0.kind == .worker }, by: \.pid).mapValues { $0.map(\.at).sorted() }
    }

    /// The indices of the kills in a span of time.
    func kills(from start: Int64, through end: Int64) -> Range<Int> {
        let first = index(atOrAfter: start)
        guard start <= end else { return first..<first }
        return first..<max(first, index(atOrAfter: end &+ 1))
    }

    /// Until when a run was under way: its end, or the kill that cut it off. One that ended and was repeated all the
    /// same had its result lost by the next kill.
    func end(of run: Run, isRepeated: Bool) -> Int64 {
        if let endedAt = run.endedAt {
            guard isRepeated, run.end == .completed else { return endedAt }
            let next = index(atOrAfter: endedAt)
            return next < kills.count ? kills[next].at : endedAt
        }
        let controller = kills[index(atOrAfter: run.startedAt)...].first { $0.kind.endsController }?.at
        let worker = workers[run.pid]?.first { $0 >= run.startedAt }
        return [controller, worker].compactMap(\.self).min() ?? run.startedAt
    }

    /// Seconds from each kill until the later of its two moments; the kills that have neither are left out.
    /// - Parameters:
    ///   - inFlight: for each kill, when the last one in flight was over.
    ///   - ends: begin and end of what ran to its end.
    func seconds(inFlight: [Int64?], following ends: [(began: Int64, ended: Int64)]) -> [Double] {
        let firsts = firstEnds(ends)
        return kills.indices.compactMap { index in
            guard let last = [inFlight[index], firsts[index]].compactMap(\.self).max() else { return nil }
            return Double(max(0, last - kills[index].at)) / 1e9
        }
    }

    /// For each kill, the first end of what began after the restart, be it only after later kills.
    private func firstEnds(_ ends: [(began: Int64, ended: Int64)]) -> [Int64?] {
        var result = [Int64?](repeating: nil, count: kills.count)
        for (began, ended) in ends {
            let next = index(atOrAfter: began)
            guard next > 0, let backAt = kills[next - 1].backAt, began >= backAt else { continue }
            result[next - 1] = min(result[next - 1] ?? .max, ended)
        }
        for index in result.indices.dropLast().reversed() {
            result[index] = [result[index], result[index + 1]].compactMap(\.self).min()
        }
        return result
    }

    private func index(atOrAfter time: Int64) -> Int {
        var (low, high) = (0, kills.count)
        while low < high {
            let middle = (low + high) / 2
            if kills[middle].at < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
