import AdminModel
import ContainerEngine
import FunctionCatalog
import FunctionModel
import LinuxSystem
import Observability

/// Answers about what happened and how it goes.
extension ControllerBackend {
    func metrics() async throws(AdminError) -> [UInt8] {
        guard core.configuration.observation.countsMetrics else { throw Self.metricsAreOff }
        var page = MetricsPage(
            plane: await core.plane.ask { $0.statistics() }, queues: await queues(),
            spares: await core.supervisor.spareCount, memory: await core.supervisor.memory,
            engineIsReachable: core.supervisor.condition.problem == nil,
            connections: await observation.gateway.connections(),
            version: core.configuration.version)
        page.write(traces: observation.exporter?.counts)
        if let registry = observation.registry { registry.write(to: &page.text) }
        return page.text.bytes
    }

    func statistics() async throws(AdminError) -> LiveStatistics {
        guard core.configuration.observation.countsMetrics else { throw Self.metricsAreOff }
        return await observation.live.value { await freshStatistics() }
    }

    private func freshStatistics() async -> LiveStatistics {
        let plane = await core.plane.ask { $0.statistics() }
        let queues = await queues()
        let depths = Dictionary(
            (queues?.functions ?? []).map { ($0.function, QueueDepth($0)) }, uniquingKeysWith: { first, _ in first })
        let functions = plane.functions.map { FunctionLive($0, depths[$0.name.rawValue], now: plane.now) }
        return LiveStatistics(
            atMilliseconds: SystemClock.unixMilliseconds(), total: LiveRates(plane.recent.lastMinute(now: plane.now)),
            functions: functions,
            workers: WorkerStates(plane.functions.reduce(WorkerCensus()) { $0 + $1.census }),
            spares: await core.supervisor.spareCount, queue: QueueDepth.sum(depths.values),
            redis: queues?.redis.state ?? (events == nil ? .off : .down),
            engineReachable: core.supervisor.condition.problem == nil,
            connections: await observation.gateway.connections().open, process: ProcessLive(ProcessReading.read()))
    }

    func history(of function: FunctionName?) async throws(AdminError) -> StatisticsHistory {
        guard core.configuration.observation.countsMetrics else { throw Self.metricsAreOff }
        let (recent, now) = await core.plane.ask { dispatcher in
            let now = dispatcher.now
            guard let function else { return (dispatcher.recent as RecentStatistics?, now) }
            return (dispatcher.functions[function]?.statistics.recent, now)
        }
        guard var recent else {
            guard let function else { throw Self.metricsAreOff }
            // Known, but nothing of it serves: nothing has been counted.
            guard await core.catalog.entry(function) != nil else { throw .functionNotFound(function.rawValue) }
            return StatisticsHistory(
                function: function.rawValue, stepSeconds: RecentStatistics.stepSeconds, points: [])
        }
        recent.advance(to: now)
        return StatisticsHistory(
            recent, of: function, now: now, unixMilliseconds: SystemClock.unixMilliseconds())
    }

    // MARK: Records

    func records(
        of name: FunctionName, limit: Int, outcome: String?
    ) async throws(AdminError) -> [InvocationSummary] {
        guard core.configuration.observation.keepsRecords else { throw Self.recordsAreOff }
        await core.log.flush()
        let records = core.log.invocations(of: name, last: limit) { found in
            switch outcome {
            case nil: true
            case "failed": found != .succeeded
            case let wanted?: found.text == wanted
            }
        }
        if records.isEmpty, await core.catalog.entry(name) == nil { throw .functionNotFound(name.rawValue) }
        return records
    }

    func record(_ id: InvocationID) async throws(AdminError) -> RecordDetail {
        guard core.configuration.observation.keepsRecords else { throw Self.recordsAreOff }
        await core.log.flush()
        guard let detail = core.log.invocation(id) else {
            throw AdminError(
                .invocationNotFound, "There is no record of an invocation \(id).",
                hint: "The last \(core.configuration.observation.records) of a function are kept for a day, until the "
                    + "controller is started anew; its log files may have it.", invocation: id)
        }
        return detail
    }

    // MARK: What is asked

    /// Nil when Redis does not answer.
    func queues() async -> QueueStatus? {
        guard events != nil else { return nil }
        return await observation.queues.value { try? await queue() }
    }

    private static let metricsAreOff = AdminError(
        .observationOff, "This controller counts nothing (--metrics off).", hint: "Start it without --metrics off.")
    private static let recordsAreOff = AdminError(
        .observationOff, "This controller keeps no records (--records off).", hint: "Start it without --records off.")
}
