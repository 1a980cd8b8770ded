import DispatchCore
import FunctionModel
import Testing

@Suite("Lines that a handler may cause")
struct LogAllowanceTests {
    private func at(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }

    @Test("A few a minute are written, the others are counted, and the count is told once")
    func minute() {
        var allowance = LogAllowance()
        let written = (0..<1000).count { _ in allowance.admit(now: at(10)).isWritten }
        #expect(written == LogAllowance.linesPerMinute)
        #expect(!allowance.admit(now: at(69)).isWritten)
        let next = allowance.admit(now: at(70))
        #expect(next.isWritten && next.withheld == 1001 - LogAllowance.linesPerMinute)
        #expect(allowance.admit(now: at(71)) == (true, 0))
        #expect(allowance.takeWithheld() == 0)
    }

    @Test("What was withheld at the end is told then")
    func end() {
        var allowance = LogAllowance()
        for _ in 0..<LogAllowance.linesPerMinute + 3 { _ = allowance.admit(now: at(0)) }
        #expect(allowance.takeWithheld() == 3 && allowance.withheld == 0)
    }
}
