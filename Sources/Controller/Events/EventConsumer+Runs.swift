import DispatchCore
import EventStore
import FunctionModel
import NIOCore

extension EventConsumer {
    /// Gives workers what is ready, as far as they have room.
    func run(_ lane: FunctionLane, _ function: DeployedFunction) {
        let now = dispatcher.now
        lane.openWindows(now: now)
        defer { if let window = lane.nextWindow { armWindow(lane, window, now: now) } }
        guard lane.isPlain else { return runToAliases(lane, function, now: now) }
        let target = EventTarget(function: function, qualifier: nil, isShared: false, generation: 0)
        while function.pool.eventRoom(now: now) > 0 {
            if let batch = lane.popBatch(now: now) {
                run(batch, on: target)
            } else if let event = lane.popSingle() {
                run(event, on: target)
            } else {
                break
            }
        }
    }

    private func armWindow(_ lane: FunctionLane, _ window: MonotonicTime, now: MonotonicTime) {
        // One that is over waits for a worker, whose end leads here again.
        guard window > now else { return }
        let bound = NIOLoopBound((self, lane), eventLoop: loop)
        loop.scheduleTask(deadline: window.nioDeadline) { bound.value.0.pumpSoon(bound.value.1.name) }
    }

    // MARK: One event

    func run(_ event: HeldEvent, on target: EventTarget) {
        let function = target.function
        let stored = event.event
        var input = InvocationInput.direct(event.payload)
        if let meta = event.request {
            guard let request = RequestRecord.decode(meta, body: event.payload) else {
                let detail = "the stored request cannot be read; it was written by another version of Glo"
                return settle(event, .failed(InvocationFailure(.internalError, detail)), version: 0)
            }
            input = .http(request)
        }
        event.phase = .running
        let context = EventContext(
            id: stored.event, invocation: stored.id, topic: stored.topic, contentType: stored.contentType)
        let began = dispatcher.now
        let exchange = EventExchange(isRequest: event.request != nil) { [weak self] outcome, version in
            guard let self else { return }
            note(began, function)
            ended(event, outcome, version: version?.number ?? 0)
        }
        dispatcher.run(
            function, input, id: stored.id, attempt: stored.attempt, context, qualifier: target.qualifier,
            waitMilliseconds: age(left: [event]), exchange)
    }

    /// How long these may still wait for a worker until the first of them is too old, in milliseconds.
    private func age(left events: [HeldEvent]) -> Int {
        let now = Int(dispatcher.environment.unixMilliseconds())
        return events.map { max(1, $0.event.expiresAtMilliseconds - now) }.min() ?? .max
    }

    private func note(_ began: MonotonicTime, _ function: DeployedFunction) {
        let milliseconds = Double(dispatcher.now.nanoseconds(since: began)) / 1_000_000
        lanes[function.name]?.state.ran(milliseconds: milliseconds)
    }

    // MARK: A batch

    func run(_ batch: EventBatch, on target: EventTarget) {
        let function = target.function
        let shape: BatchWriter.Shape = function.current?.contract == .lambda ? .records : .array
        let payload = BatchWriter.write(batch.events.map(BatchWriter.Item.init), topic: batch.topic, as: shape)
        for event in batch.events { event.phase = .running }
        giveBack(batch.returned)
        let id = InvocationID.random(using: &dispatcher.random)
        let attempt = batch.events.map(\.event.attempt).max() ?? 1
        let context = EventContext(
            id: id.description, invocation: id, topic: batch.topic, contentType: "application/json")
        let began = dispatcher.now
        let exchange = EventExchange(isRequest: false) { [weak self] outcome, version in
            guard let self else { return }
            note(began, function)
            ended(batch, outcome, invocation: id, version: version?.number ?? 0)
        }
        dispatcher.run(
            function, .direct(payload), id: id, attempt: attempt, context, qualifier: target.qualifier,
            waitMilliseconds: age(left: batch.events), exchange)
    }

    /// Only what the handler names has failed, when it names something that was in the batch.
    private func ended(_ batch: EventBatch, _ outcome: EventOutcome, invocation: InvocationID, version: Int) {
        var outcome = outcome
        var named: Set<String> = []
        if case .succeeded(_, let body) = outcome, batch.trigger.reportsBatchItemFailures {
            switch BatchReply(body, ids: batch.events.map(\.messageID)) {
            case .allSucceeded: break
            case .failed(let ids): named = ids
            case .invalid(let reason):
                outcome = .failed(InvocationFailure(.invalidResponse, "the batch counts as failed: \(reason)"))
            }
        }
        let failure = InvocationFailure(.handlerFailed, "the handler named it among batchItemFailures")
        // Those of a group come again together, and so at the same time.
        let random = Double.random(in: 0..<1, using: &dispatcher.random)
        let ends = BatchItemEnd.ends(of: batch.events.map { ($0.messageID, $0.event.group) }, failed: named)
        for (event, end) in zip(batch.events, ends) {
            let own: EventOutcome =
                switch end {
                case .asTheBatch: outcome
                case .failed: .failed(failure)
                case .notReached: .released(pauseMilliseconds: 0)
                }
            ended(
                event, own, version: version, ranAs: invocation, random: event.event.group == nil ? nil : random)
        }
    }

    /// What was claimed and cannot begin yet; nothing is charged.
    func giveBack(_ events: [HeldEvent]) {
        for event in events { settle(event, .released(pauseMilliseconds: 0), version: 0) }
    }

    // MARK: The end

    /// A run is over. The lines that belong to a failure come by another way, a moment later.
    private func ended(
        _ event: HeldEvent, _ outcome: EventOutcome, version: Int, ranAs invocation: InvocationID? = nil,
        random: Double? = nil
    ) {
        guard case .failed = outcome, let name = event.event.queue.function else {
            return settle(event, outcome, version: version, random: random)
        }
        event.phase = .reporting
        let bound = NIOLoopBound((self, event), eventLoop: loop)
        let (loop, logLines, id) = (loop, logLines, invocation ?? event.id)
        loop.scheduleTask(in: .milliseconds(100)) {
            Task {
                let lines = await logLines(name, id)
                loop.execute {
                    let (me, event) = bound.value
                    me.settle(event, outcome, version: version, logLines: lines, random: random)
                }
            }
        }
    }

    /// Somebody wants the event not to run, or not to go on.
    func cancel(_ id: InvocationID) {
        guard let event = held[id], !event.isCancelled else { return }
        event.isCancelled = true
        switch event.phase {
        case .reporting: break
        case .loading, .ready:
            // The store ends it as cancelled when it is given back.
            if let name = event.event.queue.function { lanes[name]?.remove(event) }
            settle(event, .released(pauseMilliseconds: 0), version: 0)
        case .running:
            guard let name = event.event.queue.function else { return }
            dispatcher.cancelEvent(id, of: name)
        }
    }
}
