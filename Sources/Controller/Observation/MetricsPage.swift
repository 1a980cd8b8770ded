import AdminModel
import DispatchCore
import FunctionModel
import Observability

/// `/metrics`: everything that is counted, written down family by family. docs/metrics.md explains each.
struct MetricsPage {
    var text = PrometheusText()
    private let plane: PlaneStatistics

    init(
        plane: PlaneStatistics, queues: QueueStatus?, spares: Int, memory: MemoryBudget, engineIsReachable: Bool,
        connections: (open: Int, accepted: Int, refused: Int), version: String
    ) {
        self.plane = plane
        text.begin("glo_build_info", .gauge, "Always 1; the version of Glo is a label.")
        text.sample(1, [("version", version)])
        writeInvocations()
        writeWorkers(spares: spares, memory: memory)
        writeEvents(queues)
        text.single(
            "glo_engine_up", .gauge, "Whether the container engine answers and starts containers.",
            engineIsReachable ? 1 : 0)
        text.single("glo_http_connections", .gauge, "Open public connections.", Double(connections.open))
        text.single(
            "glo_http_connections_accepted_total", .counter, "Public connections accepted.",
            Double(connections.accepted))
        text.single(
            "glo_http_connections_refused_total", .counter, "Public connections turned away for want of room.",
            Double(connections.refused))
        writeProcess()
    }

    // MARK: Invocations

    private mutating func writeInvocations() {
        text.begin(
            "glo_invocations_total", .counter,
            "Invocations that ended, by outcome: succeeded, or the code of the failure. Version 0 had no worker.")
        for function in plane.functions {
            for version in function.statistics.versions { write(version, of: function.name) }
        }
        histogram(
            "glo_invocation_duration_seconds", "How long handlers ran, from a worker to the answer.", \.duration)
        histogram("glo_invocation_queue_wait_seconds", "How long invocations waited for a worker.", \.queueWait)
        each("glo_cold_starts_total", .counter, "Invocations for which a worker had to be started.") {
            $0.statistics.coldStarts
        }
        each("glo_invocations_running", .gauge, "Invocations that a worker has.") { $0.running }
        each("glo_invocations_waiting", .gauge, "Invocations that wait for a worker.") { $0.waiting }
        text.begin(
            "glo_invocation_oldest_wait_seconds", .gauge, "How long the first of those that wait has waited.")
        for function in plane.functions {
            text.sample(Double(function.oldestWaitNanoseconds) / 1e9, [("function", function.name.rawValue)])
        }
    }

    private mutating func write(_ version: Observability.VersionCounters, of name: FunctionName) {
        func labels(_ outcome: String) -> PrometheusText.Labels {
            [("function", name.rawValue), ("version", String(version.version)), ("outcome", outcome)]
        }
        if version.succeeded > 0 { text.sample(version.succeeded, labels("succeeded")) }
        for failures in version.failures { text.sample(failures.count, labels(failures.code.rawValue)) }
    }

    // MARK: Workers

    private mutating func writeWorkers(spares: Int, memory: MemoryBudget) {
        text.begin("glo_workers", .gauge, "Workers by state.")
        for function in plane.functions {
            for (state, count) in function.census.byState {
                text.sample(count, [("function", function.name.rawValue), ("state", state)])
            }
        }
        text.begin(
            "glo_worker_state_seconds_total", .counter, "Time that workers spent in each state, all together.")
        for function in plane.functions {
            for (state, nanoseconds) in function.statistics.workerTime.byState {
                text.sample(
                    Double(nanoseconds) / 1e9, [("function", function.name.rawValue), ("state", state)])
            }
        }
        histogram(
            "glo_worker_start_duration_seconds", "How long workers took from the wish to being ready.", \.workerStart)
        each(
            "glo_worker_failures_total", .counter, "Workers that could not start or ended without having been asked to."
        ) { $0.statistics.workerFailures }
        text.single("glo_spares", .gauge, "Started containers that have no function yet.", Double(spares))
        text.single(
            "glo_memory_budget_bytes", .gauge, "What all workers' containers may add up to.", Double(memory.limitBytes))
        text.single(
            "glo_memory_reserved_bytes", .gauge, "The limits of the workers that live.", Double(memory.reservedBytes))
    }

    // MARK: Events

    private mutating func writeEvents(_ queues: QueueStatus?) {
        guard let events = plane.events else { return }
        text.single("glo_redis_up", .gauge, "Whether events can be stored.", events.isReady ? 1 : 0)
        text.begin("glo_redis_command_duration_seconds", .histogram, "How long Redis took to answer a command.")
        text.histogram(events.latency)
        text.single(
            "glo_redis_commands_waiting", .gauge, "Commands that wait for their answers.",
            Double(events.waitingCommands))
        text.begin("glo_events_accepted_total", .counter, "Events taken in by this run of the controller.")
        text.sample(events.counts.accepted, [("repeated", "false")])
        text.sample(events.counts.repeated, [("repeated", "true")])
        text.begin("glo_events_refused_total", .counter, "Events refused, by the code that the producer was given.")
        for (code, count) in events.counts.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            text.sample(count, [("code", code.rawValue)])
        }
        if var queues {
            // A queue of a function that is gone has no series once nothing is in it.
            let present = Set(plane.functions.map(\.name.rawValue))
            queues.functions.removeAll { queue in
                let isEmpty = queue.ready == 0 && queue.delayed == 0 && queue.running == 0 && queue.dead == 0
                return isEmpty && FunctionName(queue.function) != nil && !present.contains(queue.function)
            }
            write(queues)
        }
    }

    private mutating func write(_ queues: QueueStatus) {
        if let bytes = queues.redis.usedMemoryBytes {
            text.single("glo_redis_memory_used_bytes", .gauge, "Memory that Redis uses.", Double(bytes))
        }
        if let bytes = queues.redis.maxMemoryBytes {
            text.single("glo_redis_memory_max_bytes", .gauge, "Memory that Redis may use.", Double(bytes))
        }
        text.begin(
            "glo_queue_events", .gauge, "Stored events by state: ready, delayed, running, dead (the dead letters).")
        for queue in queues.functions {
            let counts = [
                ("ready", queue.ready), ("delayed", queue.delayed), ("running", queue.running), ("dead", queue.dead),
            ]
            for (state, count) in counts { text.sample(count, [("function", queue.function), ("state", state)]) }
        }
        text.begin("glo_queue_oldest_age_seconds", .gauge, "How long the first of the ready events has waited.")
        for queue in queues.functions {
            text.sample(Double(queue.oldestMilliseconds ?? 0) / 1000, [("function", queue.function)])
        }
        text.begin("glo_queue_events_ended_total", .counter, "Stored events that ended, since they are counted.")
        for queue in queues.functions {
            text.sample(queue.succeeded, [("function", queue.function), ("outcome", "succeeded")])
            text.sample(queue.cancelled, [("function", queue.function), ("outcome", "cancelled")])
        }
        text.begin(
            "glo_queue_failed_attempts_total", .counter,
            "Runs of stored events that failed or whose worker was lost; each is tried again or becomes a dead letter.")
        for queue in queues.functions {
            text.sample(queue.failed, [("function", queue.function), ("reason", "failed")])
            text.sample(queue.crashed, [("function", queue.function), ("reason", "crashed")])
        }
    }

    // MARK: The rest

    /// What became of the spans that were to be sent.
    mutating func write(traces: TraceCounts?) {
        guard let traces else { return }
        text.begin("glo_trace_invocations_total", .counter, "Traced invocations by what became of their spans.")
        text.sample(traces.sent, [("outcome", "sent")])
        text.sample(traces.dropped, [("outcome", "dropped")])
        text.sample(traces.failed, [("outcome", "failed")])
    }

    private mutating func writeProcess() {
        guard let process = ProcessReading.read() else { return }
        text.single(
            "process_cpu_seconds_total", .counter, "CPU time of the controller, user and system.", process.cpuSeconds)
        text.single(
            "process_resident_memory_bytes", .gauge, "Memory of the controller that lies in RAM.",
            Double(process.residentBytes))
        text.single(
            "process_virtual_memory_bytes", .gauge, "Address space of the controller.", Double(process.virtualBytes))
        text.single(
            "process_open_fds", .gauge, "Open file descriptors of the controller.", Double(process.openDescriptors))
        if let limit = process.maximumDescriptors {
            text.single("process_max_fds", .gauge, "File descriptors that it may have.", Double(limit))
        }
        text.single(
            "process_start_time_seconds", .gauge, "When the controller started, Unix time.", process.startedAtSeconds)
        text.single("process_threads", .gauge, "Threads of the controller.", Double(process.threads))
    }

    private mutating func each(
        _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: (PlaneStatistics.Function) -> Int
    ) {
        text.begin(name, kind, help)
        for function in plane.functions { text.sample(value(function), [("function", function.name.rawValue)]) }
    }

    private mutating func histogram(
        _ name: String, _ help: String, _ value: KeyPath<FunctionStatistics, DurationHistogram>
    ) {
        text.begin(name, .histogram, help)
        for function in plane.functions {
            let histogram = function.statistics[keyPath: value]
            // A thousand functions that nobody calls need no twenty thousand zeros.
            if histogram.count > 0 { text.histogram(histogram, [("function", function.name.rawValue)]) }
        }
    }
}
