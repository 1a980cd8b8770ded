/// What the handlers wrote down of their runs: the witness that knows nothing of Glo.
struct Ledger: Sendable {
    /// The runs of each event in the order in which they began.
    private(set) var runs: [Int: [Run]] = [:]
    /// Lines that cannot be read.
    private(set) var tornLines = 0

    /// One that all processes wrote to.
    init(_ bytes: [UInt8]) { read(bytes, as: nil) }

    /// Those of processes that had one each, and did not know their own ids.
    init(of processes: [(pid: Int32, bytes: [UInt8])]) {
        for process in processes { read(process.bytes, as: process.pid) }
        for number in runs.keys { runs[number]?.sort { $0.startedAt < $1.startedAt } }
    }

    private mutating func read(_ bytes: [UInt8], as pid: Int32?) {
        // Where the run is that a process has begun and not ended; it has one at a time.
        var open: [Int32: (number: Int, index: Int)] = [:]
        for line in bytes.split(separator: 0x0A) {
            guard let line = LedgerLine(line) else {
                tornLines += 1
                continue
            }
            switch line.kind {
            case .started:
                open[line.pid] = (line.number, runs[line.number]?.count ?? 0)
                runs[line.number, default: []].append(
                    Run(
                        number: line.number, invocation: line.invocation, attempt: line.attempt,
                        pid: pid ?? line.pid,
                        startedAt: line.at))
            case .completed, .failed:
                guard let place = open.removeValue(forKey: line.pid), place.number == line.number else {
                    tornLines += 1
                    continue
                }
                runs[line.number]?[place.index].endedAt = line.at
                runs[line.number]?[place.index].end = line.kind == .completed ? .completed : .failed
            }
        }
    }
}
