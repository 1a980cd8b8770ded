import FunctionModel
import Testing

@testable import Observability

@Suite("The last minute and the last hour")
struct RecentStatisticsTests {
    private func at(_ seconds: Double) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(seconds * 1e9)) }

    private func add(_ count: Int, to recent: inout RecentStatistics, at seconds: Double, failed: Int = 0) {
        for number in 0..<count {
            recent.add(latencyNanoseconds: 2_000_000, isFailure: number < failed, now: at(seconds))
        }
    }

    @Test("A rate is what ended divided by the time that is looked at")
    func rate() {
        var recent = RecentStatistics(now: at(1000))
        for second in 0..<60 { add(10, to: &recent, at: 1000 + Double(second), failed: 1) }
        recent.advance(to: at(1060))
        let minute = recent.lastMinute(now: at(1060))
        // Five whole steps and the first moment of the sixth.
        #expect(minute.ended == 500)
        #expect(minute.perSecond == 10)
        #expect(minute.failureShare == 0.1)
        #expect(minute.p50Nanoseconds.map { abs($0 - 2_000_000) < 300_000 } == true)
    }

    @Test("Shortly after the start the rate is that of the time since")
    func young() {
        var recent = RecentStatistics(now: at(1000))
        add(20, to: &recent, at: 1001)
        #expect(recent.lastMinute(now: at(1002)).perSecond == 10)
    }

    @Test("What is older than a minute is forgotten, also when nobody looked for long")
    func forgotten() {
        var recent = RecentStatistics(now: at(1000))
        add(20, to: &recent, at: 1001)
        recent.advance(to: at(50_000))
        let minute = recent.lastMinute(now: at(50_000))
        #expect(minute.ended == 0 && minute.p99Nanoseconds == nil && minute.failureShare == 0)
    }

    @Test("A step that is over leaves a point; steps without anything leave empty ones")
    func points() {
        var recent = RecentStatistics(now: at(1000))
        add(7, to: &recent, at: 1005, failed: 2)
        add(3, to: &recent, at: 1035)
        recent.advance(to: at(1041))
        #expect(recent.points.map(\.ended) == [7, 0, 0, 3, 0])
        #expect(recent.points.map(\.failed) == [2, 0, 0, 0, 0])
        #expect(recent.runningSince == at(1040))
        #expect(recent.points[0].p99Microseconds > 1_500 && recent.points[0].p99Microseconds < 2_500)
        #expect(recent.points[1].p99Microseconds == 0)
    }

    @Test("Nothing is kept of the time before the first invocation, and an hour of what follows")
    func hour() {
        var recent = RecentStatistics(now: at(0))
        recent.advance(to: at(500))
        #expect(recent.points.count == 1)
        for step in 0..<1_000 { add(step, to: &recent, at: 500 + Double(step) * 10) }
        #expect(recent.points.count == RecentStatistics.historySteps + 1)
        #expect(recent.points.last?.ended == 999)
        #expect(recent.points.first?.ended == UInt32(999 - RecentStatistics.historySteps))
        #expect(recent.points.map(\.ended) == recent.points.map(\.ended).sorted())
    }
}
