import DispatchCore
import FunctionModel
import Gateway
import NIOCore
import WorkerProtocol

extension Dispatcher {
    /// Accepts an invocation: it is given to a worker, waits for one, or is refused. The responder always gets exactly
    /// one final reply.
    ///
    /// - Parameters:
    ///   - limitBeginsWithRun: whether the function's timeout begins when a worker has it, as Lambda's does.
    ///   - wantsStream: whether the answer is wanted as it comes, whatever the handler says.
    @discardableResult
    func invoke(
        _ function: DeployedFunction, input: InvocationInput, payload: PayloadMode, id: InvocationID? = nil,
        traceParent: String?, parentSpan: UInt64? = nil, qualifier: String? = nil, caller: CallerContext? = nil,
        limitBeginsWithRun: Bool = false, wantsStream: Bool = false, responder: any InvocationResponder
    ) -> InvocationID {
        let id = id ?? InvocationID.random(using: &random)
        let now = now
        let limits = function.current?.manifest.limits ?? Limits()
        let milliseconds = limitBeginsWithRun ? limits.lambdaWaitMilliseconds : limits.timeoutMilliseconds
        let invocation = Invocation(
            id: id, function: function.name, input: input, payload: payload, receivedAt: now,
            deadline: now.advanced(byMilliseconds: milliseconds),
            deadlineUnixMilliseconds: environment.unixMilliseconds() + Int64(milliseconds),
            limitBeginsWithRun: limitBeginsWithRun,
            traceParent: traceParent ?? newTrace(), parentSpan: parentSpan, qualifier: qualifier, caller: caller,
            wantsStream: wantsStream)
        submit(invocation, of: function, responder)
        return id
    }

    private func submit(
        _ invocation: Invocation, of function: DeployedFunction, _ responder: any InvocationResponder
    ) {
        let id = invocation.id
        function.counters.invocations += 1
        function.active[id] = ActiveInvocation(invocation: invocation, responder: responder)
        armDeadline(function, invocation.deadline)
        withPool(function) { $0.submit(id, isEvent: invocation.event != nil, now: $1, actions: &$2) }
    }

    // MARK: Events

    /// How long an event that was claimed may wait for a worker until it is given back, in milliseconds.
    private static let longestEventWaitMilliseconds = 3_600_000

    /// Runs a stored event, for which nobody waits. The function's pool has room for it.
    /// - Parameter waitMilliseconds: how long it may wait for a worker until it is given back.
    func run(
        _ function: DeployedFunction, _ input: InvocationInput, id: InvocationID, attempt: Int, _ event: EventContext,
        qualifier: String? = nil, waitMilliseconds: Int, _ responder: any InvocationResponder
    ) {
        let now = now
        let wait = min(waitMilliseconds, Self.longestEventWaitMilliseconds)
        // Its time limit begins when a worker has it; see `assign`.
        let invocation = Invocation(
            id: id, function: function.name, input: input, payload: .raw, receivedAt: now,
            deadline: now.advanced(byMilliseconds: wait),
            deadlineUnixMilliseconds: environment.unixMilliseconds() + Int64(wait),
            attempt: attempt, traceParent: input.traceParent, event: event, qualifier: qualifier)
        submit(invocation, of: function, responder)
    }

    /// Ends the run of an event that is not wanted any more.
    func cancelEvent(_ id: InvocationID, of name: FunctionName) {
        guard let function = pools(of: name).first(where: { $0.active[id] != nil }),
            let active = function.active[id], active.invocation.event != nil
        else { return }
        let failure = InvocationFailure(.cancelled, "the event was cancelled")
        if active.worker == nil {
            guard function.pool.cancelWaiting(id) else { return }
            return fail(id, of: function, failure)
        }
        giveUp(active, of: function, failure)
    }

    /// Hands an invocation to its worker.
    func assign(_ id: InvocationID, to worker: WorkerID, of function: DeployedFunction, now: MonotonicTime) {
        guard let active = function.active[id], let entry = workers[worker], let channel = entry.channel else {
            preconditionFailure("an invocation or its worker is unknown")
        }
        active.worker = entry
        active.begins(
            at: now, unixMilliseconds: environment.unixMilliseconds(),
            timeoutMilliseconds: entry.version.manifest.limits.timeoutMilliseconds)
        // Cold is what the caller felt: it was there before the worker was.
        active.cold = entry.readyAt.map { active.invocation.receivedAt < $0 } ?? true
        function.countStart(entry.version.number, isCold: active.cold)
        active.assigned(to: entry.version)
        recordStart(active, by: entry, now: now)
        worked.insert(worker)
        // With several at once nobody can tell whose line it is, unless each is a run of its own.
        entry.current.began(
            id, isAlone: entry.version.manifest.workers.concurrency == 1, run: channel.nextRunNumber)
        if active.invocation.limitBeginsWithRun { armDeadline(function, active.dueAt) }
        channel.invoke(active.invocation)
    }

    /// A worker sent a part of an answer.
    func replied(_ reply: InvocationReply, to id: InvocationID, by entry: WorkerEntry) {
        let function = entry.function
        guard let active = function.active[id], active.worker === entry, !active.isAnswered else { return }
        if case .failure(let failure) = reply, entry.version.contract == .http, !active.hasBegun {
            return hold(failure, active, by: entry)
        }
        if reply.isFinal {
            var failure: InvocationFailure?
            if case .failure(let reason) = reply { failure = reason }
            recordEnd(active, of: function, failure: failure)
            function.pool.answered(entry.id)
        }
        if case .responseHead = reply, let channel = entry.channel {
            active.responder?.attach(flow: StreamFlow(channel: channel, invocation: id))
        }
        active.reply(reply)
        replaceIfOutOfProcesses(entry, after: reply)
    }

    /// The worker's slot is free again.
    func finished(_ id: InvocationID, by entry: WorkerEntry) {
        let function = entry.function
        guard let active = function.active[id], active.worker === entry, active.heldFailure == nil else { return }
        if !active.isAnswered {
            let detail = "the handler ended without a result"
            answer(active, of: function, with: InvocationFailure(.invalidResponse, detail))
        }
        forget(active, of: function)
        entry.served += 1
        if entry.memoryWatch.ended() { lookAtMemory(of: entry) }
        withPool(function) { $0.finished(entry.id, now: $1, actions: &$2) }
    }

    /// A connection to an `http` handler breaks when the handler exits; the report of that follows within milliseconds
    /// and names the exit code. Its slot stays taken meanwhile.
    private func hold(_ failure: InvocationFailure, _ active: ActiveInvocation, by entry: WorkerEntry) {
        active.heldFailure = failure
        let bound = NIOLoopBound((self, active, entry), eventLoop: loop)
        loop.scheduleTask(in: .milliseconds(50)) {
            let (dispatcher, active, entry) = bound.value
            guard entry.function.active[active.invocation.id] === active else { return }
            active.heldFailure = nil
            dispatcher.answer(active, of: entry.function, with: failure)
            dispatcher.finished(active.invocation.id, by: entry)
        }
    }

    /// Answers an invocation that has no worker.
    func fail(_ id: InvocationID, of function: DeployedFunction, _ failure: InvocationFailure) {
        guard let active = function.active[id] else { return }
        answer(active, of: function, with: failure)
        forget(active, of: function)
    }

    func answer(_ active: ActiveInvocation, of function: DeployedFunction, with failure: InvocationFailure) {
        guard !active.isAnswered else { return }
        recordEnd(active, of: function, failure: failure)
        active.reply(.failure(failure))
    }

    func forget(_ active: ActiveInvocation, of function: DeployedFunction) {
        function.active[active.invocation.id] = nil
        if isDraining, activeCount == 0 { onIdle?() }
    }

    // MARK: Deadlines

    /// Answers what has run out of time, and looks again at the next deadline.
    func expire(_ function: DeployedFunction) {
        let now = now
        var next: MonotonicTime?
        var expired: [ActiveInvocation] = []
        for active in function.active.values {
            let deadline = active.dueAt
            if deadline <= now {
                expired.append(active)
            } else {
                next = next.map { min($0, deadline) } ?? deadline
            }
        }
        for active in expired { timeOut(active, of: function) }
        if let next { armDeadline(function, next) }
    }

    private func timeOut(_ active: ActiveInvocation, of function: DeployedFunction) {
        let id = active.invocation.id
        let milliseconds = active.limitMilliseconds
        guard active.worker != nil else {
            guard function.pool.cancelWaiting(id) else { return }
            let detail =
                active.invocation.limitBeginsWithRun
                ? "no worker was free within \(milliseconds) ms"
                : "no worker was free within the function's timeout of \(milliseconds) ms"
            answer(active, of: function, with: InvocationFailure(.timedOut, detail, retryAfterSeconds: 1))
            forget(active, of: function)
            return
        }
        let failure = InvocationFailure(
            .timedOut, "the function did not answer within its timeout of \(milliseconds) ms",
            payload: LambdaErrors.timedOut(id, milliseconds: milliseconds))
        giveUp(active, of: function, failure)
    }

    /// Answers for a run that a worker has, and ends the run.
    private func giveUp(_ active: ActiveInvocation, of function: DeployedFunction, _ failure: InvocationFailure) {
        guard let entry = active.worker else { return }
        let id = active.invocation.id
        answer(active, of: function, with: failure)
        // A run of an exec handler can be ended alone; any other handler ends with its worker.
        if entry.version.contract == .exec, active.cancelledAt == nil {
            active.cancelledAt = now
            armDeadline(function, active.dueAt)
            entry.channel?.cancel(id)
            return
        }
        forget(active, of: function)
        entry.channel?.cancel(id)
        withPool(function) { $0.timedOut(entry.id, now: $1, actions: &$2) }
    }
}
