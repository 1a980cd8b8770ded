import DequeModule
package import FunctionModel

extension FunctionPool {
    // MARK: Events of workers

    /// A worker can take its first invocation.
    package mutating func workerReady(_ id: WorkerID, now: MonotonicTime, actions: inout [PoolAction]) {
        guard let index = index(of: id), workers[index].phase == .starting else { return }
        workers[index].phase = .ready
        workers[index].readyAt = now
        workers[index].idleSince = now
        if let candidate, workers[index].version == candidate.settings.version {
            activateIfWarm(actions: &actions)
            return
        }
        backoff = nil
        if workers[index].version == current.version { fallback = nil }
        if let predecessor = workers[index].replaces {
            workers[index].replaces = nil
            drain(predecessor, .recycled, actions: &actions)
        }
        feed(id, actions: &actions)
    }

    /// A worker could not start because of its own handler: it exited, reported an init error, or took too long.
    package mutating func workerStartFailed(
        _ id: WorkerID, failure: InvocationFailure, now: MonotonicTime, actions: inout [PoolAction]
    ) {
        guard let index = index(of: id) else { return }
        let worker = workers.remove(at: index)
        let version = worker.version
        keepPredecessor(of: worker)
        if worker.phase == .stopping || worker.phase == .draining {
            // It was not wanted any more; its failure says nothing.
        } else if let candidate, candidate.settings.version == version {
            abandonCandidate(failure, now: now, actions: &actions)
        } else if version == current.version, let fallback {
            returnTo(fallback, from: version, failure, now: now, actions: &actions)
        } else if version == current.version {
            backOff(failure, now: now, grows: true)
            if !workers.contains(where: \.isLive) { failWaiting(failure, actions: &actions) }
        }
        reportDrained(actions: &actions)
    }

    /// A worker could not be started, for a reason that is not its handler's: no memory left, no engine.
    package mutating func workerStartDenied(
        _ id: WorkerID, failure: InvocationFailure, now: MonotonicTime, actions: inout [PoolAction]
    ) {
        guard let index = index(of: id) else { return }
        let worker = workers.remove(at: index)
        keepPredecessor(of: worker)
        if worker.phase == .stopping || worker.phase == .draining {
            // It was not wanted any more.
        } else if candidate?.settings.version == worker.version {
            candidate?.retryAt = now.advanced(byMilliseconds: Self.shortestBackoffMilliseconds)
            actions.append(.delayed(version: worker.version, failure))
        } else if worker.version == current.version, failure.code == .noCapacity, workers.contains(where: \.isEnding) {
            // The memory of one that ends is this function's own: who waits has it in a moment.
        } else if worker.version == current.version {
            backOff(failure, now: now, grows: false)
            if !workers.contains(where: \.isLive) { failWaiting(failure, actions: &actions) }
        }
        reportDrained(actions: &actions)
    }

    /// A worker's process ended, asked for or not. Its owner has answered the invocations that it was running.
    package mutating func workerGone(_ id: WorkerID, now: MonotonicTime, actions: inout [PoolAction]) {
        guard let index = index(of: id) else { return }
        let worker = workers.remove(at: index)
        // One that was ready but never served would be restarted in a hot loop by `min`. One that died of its first
        // invocation is no reason to refuse the next: each such start answers a call.
        if worker.phase == .ready, worker.served == 0, worker.inFlight == 0, worker.version == current.version {
            let failure = InvocationFailure(.handlerExited, "the worker exited before it served anything")
            backOff(failure, now: now, grows: true)
        }
        keepPredecessor(of: worker)
        if let candidate, worker.version == candidate.settings.version, worker.isLive {
            let failure = InvocationFailure(.handlerExited, "the new version's worker exited while it was warmed")
            abandonCandidate(failure, now: now, actions: &actions)
        }
        if !removed {
            scaleUp(now: now, actions: &actions)
            keepMinimum(now: now, actions: &actions)
        }
        reportDrained(actions: &actions)
    }

    /// A worker broke: it is stopped at once. Its owner answers the invocations that it was running.
    package mutating func workerBroke(_ id: WorkerID, now: MonotonicTime, actions: inout [PoolAction]) {
        guard let index = index(of: id), workers[index].phase != .stopping else { return }
        workers[index].inFlight = 0
        workers[index].answered = 0
        stop(index, .failed, actions: &actions)
        if !removed { scaleUp(now: now, actions: &actions) }
    }

    /// An invocation ran into its timeout and its handler cannot be told to end it alone: the worker takes no more work
    /// and is stopped as soon as the other invocations that it runs have ended.
    package mutating func timedOut(_ id: WorkerID, now: MonotonicTime, actions: inout [PoolAction]) {
        guard let index = index(of: id), workers[index].phase != .stopping else { return }
        precondition(workers[index].inFlight > 0, "an invocation timed out on a worker that runs none")
        workers[index].inFlight -= 1
        workers[index].answered = min(workers[index].answered, workers[index].inFlight)
        workers[index].phase = .draining
        if workers[index].inFlight == 0 { stop(index, .timedOut, actions: &actions) }
        if !removed {
            scaleUp(now: now, actions: &actions)
            keepMinimum(now: now, actions: &actions)
        }
    }

    /// A worker should be replaced, after its successor is warm: it leaks, or it is old.
    package mutating func retire(_ id: WorkerID, now: MonotonicTime, actions: inout [PoolAction]) {
        guard !removed, let index = index(of: id), workers[index].phase == .ready,
            workers[index].version == current.version, (backoff?.until ?? now) <= now
        else { return }
        workers[index].phase = .retiring
        start(current, replaces: id, now: now, actions: &actions)
    }

    /// A worker has used up its memory but for what it may need to end what it runs: it takes no more work. Who waits is
    /// given to its successor, which from now on counts as a worker of its own.
    package mutating func exhausted(_ id: WorkerID, now: MonotonicTime, actions: inout [PoolAction]) {
        guard let index = index(of: id), workers[index].takesWork else { return }
        if let successor = workers.firstIndex(where: { $0.replaces == id }) {
            workers[successor].replaces = nil
        } else if !removed, workers[index].version == current.version, (backoff?.until ?? now) <= now,
            live(current.version) <= current.workers.max
        {
            start(current, now: now, actions: &actions)
        }
        drain(id, .recycled, actions: &actions)
        guard !removed else { return }
        scaleUp(now: now, actions: &actions)
        keepMinimum(now: now, actions: &actions)
    }

    /// Gives up an idle worker above `min`, so that its memory can serve another function. False when there is none.
    package mutating func evictIdle(actions: inout [PoolAction]) -> Bool {
        guard live(current.version) > current.workers.min,
            let index = workers.indices.filter({ isEvictable(workers[$0]) })
                .min(by: { workers[$0].idleSince < workers[$1].idleSince })
        else { return false }
        stop(index, .evicted, actions: &actions)
        return true
    }

    /// Idle workers that could be given up.
    package var evictableCount: Int {
        max(0, min(workers.count(where: isEvictable), live(current.version) - current.workers.min))
    }

    /// The time since which the longest idle worker that could be given up has been idle.
    package var evictableSince: MonotonicTime? {
        guard live(current.version) > current.workers.min else { return nil }
        return workers.filter(isEvictable).map(\.idleSince).min()
    }

    // MARK: Internals

    func index(of id: WorkerID) -> Int? { workers.firstIndex { $0.id == id } }

    /// Workers of a version that work or will; a successor does not count beside the worker that it replaces.
    func live(_ version: Int) -> Int {
        workers.count { $0.version == version && $0.isLive && $0.replaces == nil }
    }

    func isEvictable(_ worker: PooledWorker) -> Bool {
        worker.phase == .ready && worker.inFlight == 0 && worker.version == current.version
    }

    /// The least busy worker with a free slot; the most recently used among equals, so that the others may get idle.
    func freeWorker() -> Int? {
        var best: Int?
        for index in workers.indices {
            let worker = workers[index]
            guard worker.takesWork, worker.version == current.version, worker.inFlight < current.workers.concurrency
            else { continue }
            guard let chosen = best else {
                best = index
                continue
            }
            let other = workers[chosen]
            if worker.inFlight < other.inFlight
                || (worker.inFlight == other.inFlight && worker.idleSince > other.idleSince)
            {
                best = index
            }
        }
        return best
    }

    mutating func assign(_ id: InvocationID, to index: Int, actions: inout [PoolAction]) {
        workers[index].inFlight += 1
        actions.append(.assign(id, workers[index].id))
    }

    /// Gives waiting invocations to a worker while it has free slots.
    mutating func feed(_ id: WorkerID, actions: inout [PoolAction]) {
        guard let index = index(of: id), workers[index].takesWork, workers[index].version == current.version else {
            return
        }
        while workers[index].inFlight < current.workers.concurrency, let next = popWaiting() {
            assign(next, to: index, actions: &actions)
        }
    }

    mutating func popWaiting() -> InvocationID? {
        while let first = waiting.popFirst() {
            if cancelled.isEmpty || cancelled.remove(first.id) == nil { return first.id }
        }
        return background.popFirst()?.id
    }

    mutating func dropCancelledHead() {
        while let first = waiting.first, cancelled.remove(first.id) != nil { waiting.removeFirst() }
    }

    mutating func stop(_ index: Int, _ reason: WorkerStopReason, actions: inout [PoolAction]) {
        workers[index].phase = .stopping
        actions.append(.stop(workers[index].id, reason))
    }

    /// Lets a worker finish what it runs and stops it then.
    mutating func drain(_ id: WorkerID, _ reason: WorkerStopReason, actions: inout [PoolAction]) {
        guard let index = index(of: id), workers[index].isLive else { return }
        if workers[index].inFlight == 0 {
            stop(index, reason, actions: &actions)
        } else {
            workers[index].phase = .draining
        }
    }

    mutating func failWaiting(_ failure: InvocationFailure, actions: inout [PoolAction]) {
        while let id = popWaiting() { actions.append(.fail(id, failure)) }
    }

    /// A successor did not come: the worker that it was to replace goes on, for as long again.
    mutating func keepPredecessor(of worker: PooledWorker) {
        guard let id = worker.replaces, let index = index(of: id), workers[index].phase == .retiring else { return }
        workers[index].phase = .ready
        workers[index].retireAfter = workers[index].served + (current.workers.maxInvocations ?? .max / 2)
    }

    mutating func backOff(_ failure: InvocationFailure, now: MonotonicTime, grows: Bool) {
        let failures = (backoff?.failures ?? 0) + (grows || backoff == nil ? 1 : 0)
        let pause = min(
            Self.longestBackoffMilliseconds, Self.shortestBackoffMilliseconds << min(failures - 1, 5))
        backoff = Backoff(failures: failures, until: now.advanced(byMilliseconds: pause), failure: failure)
    }

    mutating func reportDrained(actions: inout [PoolAction]) {
        if removed, workers.isEmpty { actions.append(.drained) }
    }
}
