import DispatchCore
import EventStore
import FunctionModel
import Logging
import NIOCore

extension EventConsumer {
    /// Tells the store how an event ended, as often as it takes.
    ///
    /// - Parameter random: of those that come again together; nil draws one of its own.
    func settle(
        _ event: HeldEvent, _ outcome: EventOutcome, version: Int, logLines: [String] = [], random: Double? = nil
    ) {
        event.phase = .reporting
        let random = random ?? Double.random(in: 0..<1, using: &dispatcher.random)
        event.report = EventReport(outcome: outcome, version: version, logLines: logLines, random: random)
        guard case .succeeded(let head, let body) = outcome, let files,
            body.readableBytes > ContentFiles.inlineLimitBytes
        else { return send(event) }
        // A large result lies beside the large payloads.
        let reference = ContentFiles.newRef(for: body, using: &dispatcher.random)
        files.write(body, as: reference) { [self] result in
            switch result {
            case .success:
                event.report?.resultReference = reference
                event.report?.outcome = .succeeded(head: head, body: ByteBuffer())
            case .failure(let error):
                let detail = "the result could not be written to the disk: \(error)"
                event.report?.outcome = .failed(InvocationFailure(.internalError, detail))
            }
            send(event)
        }
    }

    func send(_ event: HeldEvent) {
        guard let report = event.report else { return }
        let stored = event.event
        event.isSent = true
        let version = report.version > 0 ? String(report.version) : ""
        switch report.outcome {
        case .succeeded(let head, let body):
            let result = EventResult(version: version, head: head, body: body, ref: report.resultReference)
            store.complete(stored.claim, result) { [weak self] in self?.answered(event, $0.map { _ in }) }
        case .failed(let failure):
            let run = FailedRun(
                version: version, error: FailureText.encode(failure),
                log: ByteBuffer(string: report.logLines.joined(separator: "\n")), random: report.random)
            store.fail(stored.claim, run) { [weak self] in self?.answered(event, $0.map { _ in }) }
        case .filtered: store.filter([stored.claim]) { [weak self] in self?.answered(event, $0.map { _ in }) }
        case .released(let pause):
            store.release(stored.claim, delayMilliseconds: pause) { [weak self] in
                self?.answered(event, $0.map { _ in })
            }
        }
    }

    /// A report that the connection lost goes out again; the poll and the next connection see to it. `STALE` is an
    /// answer too: the store has the event's end already, perhaps by this very report.
    private func answered(_ event: HeldEvent, _ result: Result<Void, EventStoreError>) {
        event.isSent = false
        switch result {
        case .success: break
        case .failure(let error) where error.code == .unavailable || error.code == .timedOut: return
        case .failure(let error):
            // The store understood and said no: to repeat it would change nothing. The lease will run out.
            logger.error(
                "An event's end could not be stored",
                metadata: ["invocation": "\(event.id)", "function": "\(event.event.queue)", "reason": "\(error)"])
        }
        event.report = nil
        if held[event.id] === event { held[event.id] = nil }
        onEnded(event)
        guard let name = event.event.queue.function, let lane = lanes[name] else { return }
        // With a limit of concurrency, this end may let another begin.
        if !lane.state.mayHaveMore, lane.isLimited { lane.state.look() }
        pumpSoon(name)
    }

    func resendIfLost(_ event: HeldEvent) {
        if !event.isSent { send(event) }
    }

    /// Calls back when every report is answered, or after the time.
    func flush(until deadline: MonotonicTime, _ done: @escaping () -> Void) {
        if held.isEmpty || dispatcher.now >= deadline { return done() }
        let bound = NIOLoopBound((self, done), eventLoop: loop)
        loop.scheduleTask(in: .milliseconds(10)) { bound.value.0.flush(until: deadline, bound.value.1) }
    }
}
