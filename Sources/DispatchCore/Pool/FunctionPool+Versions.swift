package import FunctionModel

extension FunctionPool {
    // MARK: Events of versions

    /// A new version is here. When the function has workers, or must have some, as many of the new one are made ready
    /// before traffic moves; else traffic moves at once and the first start decides.
    package mutating func deploy(_ settings: PoolSettings, now: MonotonicTime, actions: inout [PoolAction]) {
        precondition(!removed, "a version was deployed to a removed function")
        if let candidate { dropCandidateWorkers(candidate.settings.version, actions: &actions) }
        candidate = nil
        guard settings.version != current.version else {
            actions.append(.activated(version: settings.version))
            return
        }
        let hasWorkers = live(current.version) > 0
        let needed = min(settings.workers.max, max(settings.workers.min, hasWorkers ? 1 : 0))
        guard needed > 0 else {
            if fallback == nil { fallback = current }
            current = settings
            backoff = nil
            actions.append(.activated(version: settings.version))
            if settings.workers.max == 0 { close(actions: &actions) }
            scaleUp(now: now, actions: &actions)
            return
        }
        candidate = Candidate(settings: settings, needed: needed)
        for _ in 0..<needed { start(settings, now: now, actions: &actions) }
    }

    /// The function was taken away: nothing new, what runs may end.
    package mutating func remove(actions: inout [PoolAction]) {
        removed = true
        candidate = nil
        let detail = "the function was removed while the invocation was waiting"
        failWaiting(InvocationFailure(.functionNotFound, detail), actions: &actions)
        for worker in workers { drain(worker.id, .removed, actions: &actions) }
        reportDrained(actions: &actions)
    }

    // MARK: Internals

    /// The version that now serves may have no workers at all: what runs may end.
    private mutating func close(actions: inout [PoolAction]) {
        failWaiting(InvocationFailure(.queueFull, "the function takes nothing; workers.max is 0"), actions: &actions)
        for worker in workers { drain(worker.id, .replaced, actions: &actions) }
    }

    /// Starts the candidate's missing workers again after a start was denied.
    mutating func warmCandidate(now: MonotonicTime, actions: inout [PoolAction]) {
        guard let candidate, let retryAt = candidate.retryAt, now >= retryAt else { return }
        self.candidate?.retryAt = nil
        while live(candidate.settings.version) < candidate.needed {
            start(candidate.settings, now: now, actions: &actions)
        }
    }

    /// Moves traffic to the candidate when enough of its workers are ready.
    mutating func activateIfWarm(actions: inout [PoolAction]) {
        guard let candidate else { return }
        let version = candidate.settings.version
        guard workers.count(where: { $0.version == version && $0.phase == .ready }) >= candidate.needed else { return }
        let old = current.version
        current = candidate.settings
        self.candidate = nil
        fallback = nil
        backoff = nil
        actions.append(.activated(version: version))
        for worker in workers where worker.version == version { feed(worker.id, actions: &actions) }
        for worker in workers where worker.version == old { drain(worker.id, .replaced, actions: &actions) }
    }

    mutating func abandonCandidate(
        _ failure: InvocationFailure, now: MonotonicTime, actions: inout [PoolAction]
    ) {
        guard let candidate else { return }
        self.candidate = nil
        dropCandidateWorkers(candidate.settings.version, actions: &actions)
        actions.append(.rejected(version: candidate.settings.version, failure))
        scaleUp(now: now, actions: &actions)
    }

    mutating func dropCandidateWorkers(_ version: Int, actions: inout [PoolAction]) {
        guard version != current.version else { return }
        for worker in workers where worker.version == version { drain(worker.id, .replaced, actions: &actions) }
    }

    /// The current version never had a ready worker and cannot start: the one before it serves again.
    mutating func returnTo(
        _ settings: PoolSettings, from version: Int, _ failure: InvocationFailure, now: MonotonicTime,
        actions: inout [PoolAction]
    ) {
        for worker in workers where worker.version == version { drain(worker.id, .replaced, actions: &actions) }
        current = settings
        fallback = nil
        backoff = nil
        actions.append(.rejected(version: version, failure))
        actions.append(.activated(version: settings.version))
        scaleUp(now: now, actions: &actions)
        keepMinimum(now: now, actions: &actions)
    }
}
