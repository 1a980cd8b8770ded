import Testing

@testable import glo_chaos

@Suite("Recovery")
struct RecoveryTests {
    private static let second: Int64 = 1_000_000_000

    private func kill(_ kind: KillKind, at: Int64, back: Int64? = nil, pid: Int32 = 1) -> KillRecord {
        KillRecord(kind: kind, pid: pid, at: at * Self.second, backAt: back.map { $0 * Self.second })
    }

    /// Runs as (event, process, begin, end) in seconds.
    private func ledger(_ runs: [(Int, Int, Int, Int?)]) -> Ledger {
        var lines: [(Int, String)] = []
        for (number, pid, begin, end) in runs {
            lines.append((begin, "S \(number) i 1 \(Int64(begin) * Self.second) \(pid)\n"))
            if let end { lines.append((end, "E \(number) i 1 \(Int64(end) * Self.second) \(pid)\n")) }
        }
        return Ledger(Array(lines.sorted { $0.0 < $1.0 }.map(\.1).joined().utf8))
    }

    @Test("It lasts until the event that was cut off has ended")
    func inFlight() {
        let seconds = Recovery.seconds(
            kills: [kill(.controller, at: 10, back: 11)],
            ledger: ledger([(1, 9, 9, nil), (1, 8, 15, 16), (2, 8, 12, 13)]))
        #expect(seconds == [6])
    }

    @Test("With nothing in flight it lasts until the first end of what began after the restart")
    func first() {
        let seconds = Recovery.seconds(
            kills: [kill(.controller, at: 10, back: 12)],
            ledger: ledger([(1, 9, 5, 6), (2, 9, 11, 12), (3, 8, 13, 14), (4, 8, 20, 21)]))
        #expect(seconds == [4])
    }

    @Test("An event that is cut off again counts for the first kill only until it began again")
    func again() {
        let seconds = Recovery.seconds(
            kills: [kill(.controller, at: 10, back: 10), kill(.controller, at: 14, back: 14)],
            ledger: ledger([(1, 9, 9, nil), (1, 8, 13, nil), (1, 7, 17, 20)]))
        #expect(seconds == [10, 6])
    }

    @Test("A completed run whose result a kill destroyed was in flight")
    func resultLost() {
        let seconds = Recovery.seconds(
            kills: [kill(.controller, at: 10, back: 11)], ledger: ledger([(1, 9, 8, 9), (1, 8, 15, 18)]))
        #expect(seconds == [8])
    }

    @Test("What a dead worker left is not the controller's to answer for")
    func worker() {
        let seconds = Recovery.seconds(
            kills: [kill(.worker, at: 5, pid: 9), kill(.controller, at: 10, back: 11)],
            ledger: ledger([(1, 9, 4, nil), (1, 8, 30, 31), (2, 8, 12, 13)]))
        #expect(seconds == [3])
    }

    @Test("A kill before which nothing went on again waits for the one after it")
    func suffix() {
        let seconds = Recovery.seconds(
            kills: [kill(.redis, at: 10), kill(.redis, at: 12, back: 13)], ledger: ledger([(1, 9, 15, 16)]))
        #expect(seconds == [6, 4])
    }

    @Test("Percentiles are the nearest rank's")
    func percentiles() {
        let values = (1...200).map(Double.init).shuffled()
        #expect(Recovery.percentile(99, of: values) == 198)
        #expect(Recovery.percentile(100, of: [3]) == 3)
        #expect(Recovery.percentile(99, of: []) == nil)
    }
}

@Suite("Repetitions")
struct RepetitionTests {
    @Test("A repeated run is put down to the kill between its two starts")
    func causes() {
        let kills = [
            KillRecord(kind: .worker, pid: 7, at: 5), KillRecord(kind: .redis, pid: 1, at: 10),
            KillRecord(kind: .controller, pid: 2, at: 30),
            KillRecord(kind: .redis, pid: 1, at: 70, backAt: 75),
        ]
        func run(_ number: Int, _ start: Int, _ pid: Int = 9) -> String {
            "S \(number) i 1 \(start) \(pid)\nE \(number) i 1 \(start + 1) \(pid)\n"
        }
        let text =
            run(1, 4) + run(1, 12) + run(2, 20) + run(2, 40) + run(3, 50) + run(3, 60)
            + run(4, 72) + run(4, 80)
        #expect(
            Repetition.causes(kills: kills, ledger: Ledger(Array(text.utf8)))
                == ["redis": 2, "controller": 1, "none": 1])
    }
}
