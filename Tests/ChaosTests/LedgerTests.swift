import Testing

@testable import glo_chaos

@Suite("The ledger")
struct LedgerTests {
    @Test("Lines of one process make a run")
    func pairs() {
        let ledger = Ledger(Array("S 4 id-4 1 100 9\nS 5 id-5 1 110 8\nE 4 id-4 1 120 9\nF 5 id-5 1 130 8\n".utf8))
        #expect(
            ledger.runs[4] == [
                Run(number: 4, invocation: "id-4", attempt: 1, pid: 9, startedAt: 100, endedAt: 120, end: .completed)
            ])
        #expect(ledger.runs[5]?.first?.end == .failed)
        #expect(ledger.tornLines == 0)
    }

    @Test("A run without an end was cut off, also when its process id comes again")
    func cutOff() {
        let ledger = Ledger(Array("S 1 a 1 100 9\nS 1 a 2 200 9\nE 1 a 2 210 9\n".utf8))
        #expect(ledger.runs[1]?.map(\.endedAt) == [nil, 210])
    }

    @Test("Ledgers of a process each are one: in the order of time, under the ids that the host knows")
    func ofProcesses() {
        // The process ids of two containers may be the same.
        let ledger = Ledger(of: [
            (pid: 800, bytes: Array("S 1 a 1 5 7\nE 1 a 1 6 7\n".utf8)),
            (pid: 700, bytes: Array("S 1 a 1 1 7\nE 1 a 1 2 7\nS 2 b 1 3 7\n".utf8)),
        ])
        #expect(ledger.runs[1]?.map(\.pid) == [700, 800])
        #expect(ledger.runs[1]?.map(\.endedAt) == [2, 6])
        #expect(ledger.runs[2]?.map(\.endedAt) == [nil])
        #expect(ledger.tornLines == 0)
    }

    @Test("A torn line is counted", arguments: ["S 1 a 1 1", "X 1 a 1 100 9", "S one a 1 100 9", "E 1 a 1 100 9"])
    func torn(line: String) {
        let ledger = Ledger(Array("\(line)\n".utf8))
        #expect(ledger.tornLines == 1)
        #expect(ledger.runs.isEmpty)
    }
}
