import FunctionModel
import Testing

@testable import Observability

@Suite("What is counted of a function")
struct FunctionStatisticsTests {
    private let start = MonotonicTime(nanoseconds: 5_000_000_000)
    private var statistics: FunctionStatistics

    init() { statistics = FunctionStatistics(now: start) }

    private mutating func end(_ outcome: InvocationOutcome = .succeeded, version: Int = 1, run: Int64? = 3_000_000) {
        statistics.ended(outcome, version: version, runNanoseconds: run, latencyNanoseconds: 4_000_000, now: start)
    }

    @Test("Outcomes are counted by version and code")
    mutating func outcomes() {
        end()
        end(version: 2)
        end(.failed(.timedOut), version: 2)
        end(.failed(.timedOut), version: 2)
        end(.failed(.handlerFailed), version: 2)
        #expect(statistics.versions.map(\.version) == [1, 2])
        #expect(statistics.versions.map(\.succeeded) == [1, 1])
        #expect(statistics.versions[1].failures.map(\.code) == [.timedOut, .handlerFailed])
        #expect(statistics.versions[1].failures.map(\.count) == [2, 1])
    }

    @Test("What never had a worker has no duration, and version 0")
    mutating func refused() {
        end(.failed(.queueFull), version: 0, run: nil)
        #expect(statistics.duration.count == 0)
        #expect(statistics.versions.map(\.version) == [0])
    }

    @Test("Many deployments do not make it grow; version 0 and the newest stay")
    mutating func bounded() {
        for version in 0...50 { end(version: version) }
        #expect(statistics.versions.count == FunctionStatistics.maximumVersions)
        #expect(statistics.versions.first?.version == 0)
        #expect(statistics.versions.last?.version == 50)
    }

    @Test("Waits and cold starts are counted when a worker has it")
    mutating func began() {
        statistics.began(queueNanoseconds: 700_000, isCold: false)
        statistics.began(queueNanoseconds: 400_000_000, isCold: true)
        #expect(statistics.queueWait.count == 2 && statistics.coldStarts == 1)
        #expect(statistics.queueWait.sumNanoseconds == 400_700_000)
    }

    @Test("A duration on a bound belongs to its bucket; one beyond all bounds to the last")
    func histogram() {
        var histogram = DurationHistogram()
        histogram.add(nanoseconds: 500_000)
        histogram.add(nanoseconds: 500_001)
        histogram.add(nanoseconds: -1)
        histogram.add(nanoseconds: 400_000_000_000)
        #expect(histogram.counts[0] == 2 && histogram.counts[1] == 1 && histogram.counts.last == 1)
        #expect(histogram.count == 4)
    }

    @Test("The time in each state is the number of workers times how long it lasted")
    func workerTime() {
        var time = WorkerTime(now: start)
        var census = WorkerCensus()
        census.busy = 2
        census.idle = 1
        time.update(census, now: start)
        census.busy = 0
        time.update(census, now: start.advanced(byMilliseconds: 500))
        time.advance(to: start.advanced(byMilliseconds: 600))
        let seconds = Dictionary(uniqueKeysWithValues: time.byState.map { ($0.state, $0.nanoseconds) })
        #expect(seconds["busy"] == 1_000_000_000)
        #expect(seconds["idle"] == 600_000_000)
        #expect(seconds["starting"] == 0)
    }
}
