import AdminModel
import TextForms

/// What `glo top` shows.
enum TopText {
    /// At most so many lines, each of at most so many characters.
    static func text(_ live: LiveStatistics, cpuShare: Double?, columns: Int, rows: Int) -> String {
        var lines = head(live, cpuShare: cpuShare)
        lines.append("")
        var table = TextTable(
            "FUNCTION", "VERSION", "RATE/S", "ERRORS", "P50 MS", "P95 MS", "P99 MS", "RUN", "WAIT", "BUSY", "IDLE",
            "STARTING", "QUEUE", "DEAD")
        let busiestFirst = live.functions.sorted { (-$0.rates.perSecond, $0.name) < (-$1.rates.perSecond, $1.name) }
        for function in busiestFirst { add(function, to: &table) }
        lines += table.text.split(separator: "\n").map(String.init)
        if live.functions.isEmpty { lines.append("No function serves.") }
        if lines.count > rows {
            let left = lines.count - rows + 1
            lines = Array(lines.prefix(max(1, rows - 1))) + ["… and \(left) more"]
        }
        return lines.map { String($0.prefix(columns)) }.joined(separator: "\n") + (rows == .max ? "\n" : "")
    }

    private static func head(_ live: LiveStatistics, cpuShare: Double?) -> [String] {
        let total = live.total
        let workers = live.workers
        var process = "\(ByteCount.text(live.process.residentBytes)) of memory"
        if let cpuShare { process = "\(decimal(cpuShare * 100, 0)) % of a CPU, " + process }
        let age = DurationText.age(milliseconds: live.atMilliseconds - live.process.startedAtMilliseconds)
        return [
            "glo top   \(Timestamp.table(milliseconds: live.atMilliseconds)) UTC, up \(age), controller: \(process)",
            "Last minute: \(decimal(total.perSecond, 1))/s, errors \(decimal(total.errorRate * 100, 2)) %, "
                + "p50 \(latency(total.p50Milliseconds) ?? "-") ms, p99 \(latency(total.p99Milliseconds) ?? "-") ms",
            "Workers: \(workers.busy) busy, \(workers.idle) idle, \(workers.starting) starting, "
                + "\(workers.draining + workers.stopping) ending, \(live.spares) spares; \(live.connections) connections",
            "Queue: \(live.queue.ready) ready, \(live.queue.delayed) delayed, \(live.queue.running) running, "
                + "\(live.queue.dead) dead; Redis \(live.redis.rawValue), engine "
                + (live.engineReachable ? "answers" : "starts nothing"),
        ]
    }

    private static func add(_ function: FunctionLive, to table: inout TextTable) {
        let rates = function.rates
        table.add(
            function.name, function.version.map(String.init), decimal(rates.perSecond, 1),
            decimal(rates.errorRate * 100, 1) + " %", latency(rates.p50Milliseconds), latency(rates.p95Milliseconds),
            latency(rates.p99Milliseconds), String(function.running), String(function.waiting),
            String(function.workers.busy), String(function.workers.idle), String(function.workers.starting),
            String(function.queue.ready + function.queue.delayed), String(function.queue.dead))
    }

    /// The share of one CPU that the controller used between two looks; nil without an earlier one.
    static func cpuShare(_ before: LiveStatistics?, _ now: LiveStatistics) -> Double? {
        guard let before, now.atMilliseconds > before.atMilliseconds else { return nil }
        let seconds = Double(now.atMilliseconds - before.atMilliseconds) / 1000
        return max(0, now.process.cpuSeconds - before.process.cpuSeconds) / seconds
    }

    private static func latency(_ milliseconds: Double?) -> String? {
        milliseconds.map { decimal($0, $0 < 10 ? 2 : $0 < 100 ? 1 : 0) }
    }

    /// A number with so many digits behind its point.
    static func decimal(_ value: Double, _ digits: Int) -> String {
        let factor = [1, 10, 100, 1000][digits]
        let scaled = Int64((max(0, min(value, 1e12)) * Double(factor)).rounded())
        guard digits > 0 else { return String(scaled) }
        return "\(scaled / Int64(factor)).\(Timestamp.padded(scaled % Int64(factor), digits))"
    }
}
