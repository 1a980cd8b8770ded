package import AdminModel
package import Controller
package import FunctionModel
import Synchronization

/// One function, `hello`, with some traffic.
extension FakeBackend {
    package func metrics() async throws(AdminError) -> [UInt8] { Array("# TYPE glo_build_info gauge\n".utf8) }

    package func statistics() async throws(AdminError) -> LiveStatistics {
        let rates = LiveRates(
            perSecond: 12.5, failedPerSecond: 0.125, errorRate: 0.01, p50Milliseconds: 1.25, p95Milliseconds: 12.5,
            p99Milliseconds: 125)
        return LiveStatistics(
            atMilliseconds: Self.moment, total: rates,
            functions: [
                FunctionLive(name: "idle", version: 1, rates: LiveRates()),
                FunctionLive(
                    name: "hello", version: 3, rates: rates, running: 1, waiting: 2,
                    workers: WorkerStates(idle: 1, busy: 1), queue: QueueDepth(ready: 5, delayed: 1, dead: 4),
                    invocations: 100, failures: 1, coldStarts: 2),
            ], workers: WorkerStates(idle: 1, busy: 1), spares: 2,
            queue: QueueDepth(ready: 5, delayed: 1, dead: 4, oldestMilliseconds: 1500), redis: .ready,
            engineReachable: true, connections: 3,
            process: ProcessLive(
                cpuSeconds: 10, residentBytes: 64 << 20, openDescriptors: 50,
                startedAtMilliseconds: Self.moment - 3_600_000))
    }

    package func history(of function: FunctionName?) async throws(AdminError) -> StatisticsHistory {
        if let function, function.rawValue != "hello" { throw .functionNotFound(function.rawValue) }
        return StatisticsHistory(
            function: function?.rawValue, stepSeconds: 10,
            points: [
                StatisticsHistory.Point(
                    atMilliseconds: Self.moment, invocations: 125, failures: 1, p50Milliseconds: 1.25,
                    p99Milliseconds: 125)
            ])
    }

    package func records(
        of name: FunctionName, limit: Int, outcome: String?
    ) async throws(AdminError) -> [InvocationSummary] {
        outcomes.withLock { $0.append(outcome) }
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        return Array([record].prefix(limit))
    }

    package func record(_ id: InvocationID) async throws(AdminError) -> RecordDetail {
        guard id.description == Self.invocation else { throw .invocationNotFound(id) }
        return RecordDetail(record: record, lines: [line("from the handler")])
    }

    private var record: InvocationSummary {
        InvocationSummary(
            id: Self.invocation, function: "hello", version: 3, endedAtMilliseconds: Self.moment,
            queueMilliseconds: 312.4, durationMilliseconds: 4.812, cold: true, attempt: 1,
            peakMemoryBytes: 13_002_342, outcome: "timed_out", worker: "w1")
    }
}
