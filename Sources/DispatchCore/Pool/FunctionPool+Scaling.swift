package import FunctionModel

extension FunctionPool {
    /// How long work has to wait until a worker is added: the more are starting, the longer.
    var scaleUpDelay: Int {
        let starting = workers.count { $0.phase == .starting }
        return Self.scaleUpAfterMilliseconds << min(starting, 10)
    }

    /// Adds a worker while work waits: at once when none is there or coming, else when the oldest has waited too long.
    mutating func scaleUp(now: MonotonicTime, actions: inout [PoolAction]) {
        guard waitingCount > 0, live(current.version) < current.workers.max else { return }
        if let backoff, backoff.until > now { return }
        let starting = workers.count { $0.phase == .starting && $0.version == current.version }
        let usable = live(current.version)
        if usable > 0 {
            guard starting * current.workers.concurrency < waitingCount,
                let oldest = oldestWaiting, now.milliseconds(since: oldest) >= Int64(scaleUpDelay)
            else { return }
        }
        start(current, now: now, actions: &actions)
    }

    /// Whether fewer than `min` workers are there or coming.
    var wantsMinimum: Bool { !removed && live(current.version) < min(current.workers.min, current.workers.max) }

    mutating func keepMinimum(now: MonotonicTime, actions: inout [PoolAction]) {
        if let backoff, backoff.until > now { return }
        while wantsMinimum { start(current, now: now, actions: &actions) }
    }

    /// So many workers are kept from now on, whatever the version's settings said when the pool was made.
    package mutating func keep(minimum: Int, now: MonotonicTime, actions: inout [PoolAction]) {
        precondition(!removed, "a removed function keeps no workers")
        guard minimum != current.workers.min else { return keepMinimum(now: now, actions: &actions) }
        current.workers.min = minimum
        stopIdle(now: now, actions: &actions)
        keepMinimum(now: now, actions: &actions)
    }

    mutating func start(
        _ settings: PoolSettings, replaces: WorkerID? = nil, now: MonotonicTime, actions: inout [PoolAction]
    ) {
        let id = WorkerID(rawValue: UInt64(ordinal) << 32 | UInt64(nextWorker))
        nextWorker += 1
        workers.append(
            PooledWorker(
                id: id, version: settings.version, phase: .starting, replaces: replaces, idleSince: now,
                retireAfter: retireAfter(settings.workers)))
        actions.append(.start(id, version: settings.version))
    }

    /// The recycling limit ± 10 %, so that workers which started together are not replaced together.
    mutating func retireAfter(_ settings: WorkerSettings) -> Int {
        guard let limit = settings.maxInvocations else { return .max }
        let spread = limit / 10
        return Swift.max(1, limit + (spread > 0 ? Int.random(in: -spread...spread, using: &random) : 0))
    }

    /// When a worker's idleness or age ends it.
    func expiry(of worker: PooledWorker) -> MonotonicTime? {
        guard worker.phase == .ready, worker.version == current.version else { return nil }
        var expiry: MonotonicTime?
        if worker.inFlight == 0, live(current.version) > current.workers.min {
            expiry = worker.idleSince.advanced(byMilliseconds: current.workers.idleMilliseconds)
        }
        if let age = current.workers.maxAgeMilliseconds, let readyAt = worker.readyAt {
            let old = readyAt.advanced(byMilliseconds: age)
            expiry = expiry.map { min($0, old) } ?? old
        }
        return expiry
    }

    mutating func stopIdle(now: MonotonicTime, actions: inout [PoolAction]) {
        let minimum = removed ? 0 : current.workers.min
        for index in workers.indices {
            let worker = workers[index]
            guard isEvictable(worker), live(current.version) > minimum,
                now >= worker.idleSince.advanced(byMilliseconds: current.workers.idleMilliseconds)
            else { continue }
            stop(index, .idle, actions: &actions)
        }
    }

    mutating func retireAged(now: MonotonicTime, actions: inout [PoolAction]) {
        guard let age = current.workers.maxAgeMilliseconds else { return }
        for worker in workers where worker.phase == .ready {
            guard let readyAt = worker.readyAt, now >= readyAt.advanced(byMilliseconds: age) else { continue }
            retire(worker.id, now: now, actions: &actions)
        }
    }
}
