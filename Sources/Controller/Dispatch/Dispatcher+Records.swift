import DispatchCore
import FunctionModel
import Gateway
import NIOCore
import Observability

/// What is noted down and counted of invocations: a few increments each, whatever reads them later.
extension Dispatcher {
    /// A worker has the invocation.
    func recordStart(_ active: ActiveInvocation, by entry: WorkerEntry, now: MonotonicTime) {
        let queued = now.nanoseconds(since: active.invocation.receivedAt)
        if observation.countsMetrics {
            entry.function.statistics.began(queueNanoseconds: queued, isCold: active.cold)
        }
        scheduleFlush()
        guard observation.keepsRecords else { return }
        records.append(record(.started(queueNanoseconds: queued), of: active, worker: entry.label))
    }

    /// An invocation has ended, whether a worker had it or not.
    func recordEnd(_ active: ActiveInvocation, of function: DeployedFunction, failure: InvocationFailure?) {
        if failure != nil { function.countFailure(active.worker?.version.number) }
        let now = now
        let invocation = active.invocation
        let latency = now.nanoseconds(since: invocation.receivedAt)
        let duration = active.assignedAt.map { now.nanoseconds(since: $0) }
        let outcome = failure.map { InvocationOutcome.failed($0.code) } ?? .succeeded
        if observation.countsMetrics {
            function.statistics.ended(
                outcome, version: active.worker?.version.number ?? 0, runNanoseconds: duration,
                latencyNanoseconds: latency, now: now)
            recent.add(latencyNanoseconds: latency, isFailure: failure != nil, now: now)
        }
        if observation.traceSample != nil {
            trace(active, outcome, latency: latency, queued: latency - (duration ?? 0))
        }
        scheduleFlush()
        guard observation.keepsRecords else { return }
        var peak = active.worker?.peakMemoryBytes
        // What was read last was before this invocation; that it reached the limit is certain.
        if failure?.code == .outOfMemory, let limits = active.worker?.version.manifest.limits {
            peak = limits.memoryBytes
        }
        if peak == nil, let worker = active.worker { unmeasured.append((records.count, worker)) }
        let end = InvocationRecord.Event.ended(
            queueNanoseconds: latency - (duration ?? 0), durationNanoseconds: duration ?? 0, peakMemoryBytes: peak,
            outcome: outcome)
        var record = record(end, of: active, worker: active.worker?.label ?? "")
        record.reason = failure.flatMap { Self.reason($0, hasBegun: active.hasBegun) }
        records.append(record)
    }

    /// What the log tells of a failure that the handler has not told of itself. When the answer had begun, nobody is told
    /// what went wrong but the log.
    private static func reason(_ failure: InvocationFailure, hasBegun: Bool) -> String? {
        guard !hasBegun else {
            let said = failure.payload.map { " " + String(decoding: $0.readableBytesView.prefix(1024), as: UTF8.self) }
            return failure.detail + (said ?? "")
        }
        switch failure.code {
        case .timedOut, .handlerExited, .outOfMemory, .invalidResponse, .responseTooLarge: return failure.detail
        case .handlerInitFailed: return failure.payload == nil ? failure.detail : nil
        default: return nil
        }
    }

    private func record(
        _ event: InvocationRecord.Event, of active: ActiveInvocation, worker: String
    ) -> InvocationRecord {
        InvocationRecord(
            id: active.invocation.id, function: active.invocation.function,
            version: active.worker?.version.number ?? 0, worker: worker, attempt: active.invocation.attempt,
            isCold: active.cold, event: event, atMilliseconds: environment.unixMilliseconds())
    }

    // MARK: Traces

    /// A trace for an invocation that came without one; nil when traces are not recorded.
    func newTrace() -> String? {
        guard let share = observation.traceSample, Double(random.next() >> 11) * 0x1p-53 < share else { return nil }
        return TraceContext.random(isSampled: true, using: &random).text
    }

    private func trace(_ active: ActiveInvocation, _ outcome: InvocationOutcome, latency: Int64, queued: Int64) {
        let invocation = active.invocation
        guard let context = invocation.traceParent.flatMap({ TraceContext($0) }), context.isSampled else { return }
        traces.append(
            InvocationTrace(
                kind: invocation.event == nil ? .call : .event, context: context, parent: invocation.parentSpan,
                id: invocation.id, function: invocation.function, version: active.worker?.version.number ?? 0,
                attempt: invocation.attempt, isCold: active.cold,
                endedAt: environment.unixMilliseconds() * 1_000_000, latencyNanoseconds: latency,
                queueNanoseconds: queued, outcome: outcome))
    }

    /// An event is taken in: its run, later, is a child of this.
    func traceAcceptance(_ request: GatewayRequest) {
        guard let context = TraceContext(request.traceParent), context.isSampled else { return }
        traces.append(
            InvocationTrace(
                kind: .acceptance, context: context, parent: request.parentSpan, id: request.id,
                function: request.route.function, version: 0, endedAt: environment.unixMilliseconds() * 1_000_000,
                latencyNanoseconds: now.nanoseconds(since: request.receivedAt), queueNanoseconds: 0,
                outcome: .succeeded))
        scheduleFlush()
    }

    // MARK: On the way out

    /// What gathers within a few milliseconds leaves together.
    private func scheduleFlush() {
        guard !recordsAreScheduled else { return }
        recordsAreScheduled = true
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: .milliseconds(20)) { bound.value.flushRecords() }
    }

    private func flushRecords() {
        recordsAreScheduled = false
        sampleMemory()
        for (place, worker) in unmeasured { records[place].setPeakMemory(bytes: worker.peakMemoryBytes) }
        unmeasured.removeAll(keepingCapacity: true)
        if !records.isEmpty { environment.record(records) }
        records.removeAll(keepingCapacity: true)
        if !traces.isEmpty { environment.trace(traces) }
        traces.removeAll(keepingCapacity: true)
    }
}
