import DequeModule
package import FunctionModel

/// Decides for one function: which worker gets which invocation, who waits, how many workers there are, and when
/// traffic moves to a new version.
///
/// A pure value: each event is a mutating method that is given the time and appends to the actions its owner carries
/// out. Workers are few (`max`, plus those that drain), so they stand in an array.
package struct FunctionPool: Sendable {
    /// Work that waits this long makes the pool add a worker, doubled for each one that is already starting.
    package static let scaleUpAfterMilliseconds = 10
    /// The first pause after a failed start; it doubles up to ``longestBackoffMilliseconds``.
    package static let shortestBackoffMilliseconds = 1_000
    package static let longestBackoffMilliseconds = 30_000

    /// An invocation without a worker.
    struct Waiting: Sendable {
        var id: InvocationID
        var since: MonotonicTime
    }

    /// A version that is being warmed.
    struct Candidate: Sendable {
        var settings: PoolSettings
        /// Workers that must be ready before traffic moves.
        var needed: Int
        /// When a start that was denied is tried again.
        var retryAt: MonotonicTime?
    }

    /// Why workers do not start at the moment.
    struct Backoff: Sendable {
        var failures: Int
        var until: MonotonicTime
        var failure: InvocationFailure
    }

    let ordinal: UInt32
    var nextWorker: UInt32 = 1
    var current: PoolSettings
    /// The version that served before the current one, until a worker of the current one has been ready.
    var fallback: PoolSettings?
    var candidate: Candidate?
    package internal(set) var workers: [PooledWorker] = []
    var waiting: Deque<Waiting> = []
    /// Events that wait for a worker: they go when nobody else waits. Their owner submits no more than there is room.
    var background: Deque<Waiting> = []
    /// Waiting invocations that were cancelled; they are skipped when their turn comes.
    var cancelled: Set<InvocationID> = []
    var backoff: Backoff?
    var removed = false
    var random: SplitMix64

    /// A pool for a version that takes traffic at once. `ordinal` tells pools apart in their workers' ids.
    package init(settings: PoolSettings, fallback: PoolSettings? = nil, ordinal: UInt32, seed: UInt64) {
        self.current = settings
        self.fallback = fallback
        self.ordinal = ordinal
        self.random = SplitMix64(seed: seed)
    }

    // MARK: What the owner may look at

    package var currentVersion: Int { current.version }
    package var candidateVersion: Int? { candidate?.settings.version }
    package var waitingCount: Int { callersWaiting + background.count }
    /// Those of them that somebody waits for.
    package var callersWaiting: Int { waiting.count - cancelled.count }
    package var isEmpty: Bool { workers.isEmpty && waitingCount == 0 }

    package func worker(_ id: WorkerID) -> PooledWorker? { workers.first { $0.id == id } }

    /// When the oldest waiting invocation began to wait.
    package var oldestWaiting: MonotonicTime? {
        let caller = waiting.first { !cancelled.contains($0.id) }?.since
        guard let caller, let event = background.first?.since else { return caller ?? background.first?.since }
        return min(caller, event)
    }

    /// Events that the function could be given now: one for each slot that its workers have, or may have, free. None
    /// while callers wait or while workers do not start.
    package func eventRoom(now: MonotonicTime) -> Int {
        guard !removed, callersWaiting == 0 else { return 0 }
        if isFailing(now: now) { return 0 }
        return max(0, freeSlots - background.count)
    }

    /// Whether workers have failed to start, none is there, and none is tried yet.
    package func isFailing(now: MonotonicTime) -> Bool {
        guard let backoff else { return false }
        return backoff.until > now && !workers.contains(where: \.isLive)
    }

    /// The moment at which `tick` has something to do, if nothing else happens before.
    package func nextTick(now: MonotonicTime) -> MonotonicTime? {
        var next: MonotonicTime?
        func consider(_ time: MonotonicTime) { next = next.map { min($0, time) } ?? time }
        if let oldest = oldestWaiting {
            consider(max(oldest.advanced(byMilliseconds: scaleUpDelay), now.advanced(byMilliseconds: 1)))
        }
        if let backoff, backoff.until > now, wantsMinimum { consider(backoff.until) }
        if let retryAt = candidate?.retryAt { consider(retryAt) }
        for worker in workers { if let expiry = expiry(of: worker) { consider(expiry) } }
        return next
    }

    /// Invocations that the workers of the current version, those included that may still be started, could take.
    private var freeSlots: Int {
        let used = workers.reduce(0) { $0 + ($1.version == current.version ? $1.inFlight : 0) }
        return max(0, current.workers.max * current.workers.concurrency - used)
    }

    /// Callers that may wait. Without a queue they are those for whom there will be a worker: nobody waits until
    /// another has been answered.
    private var room: Int {
        if current.workers.max == 0 { return 0 }
        guard current.workers.queue == 0 else { return current.workers.queue }
        return freeSlots + workers.reduce(0) { $0 + ($1.version == current.version ? $1.answered : 0) }
    }

    private var fullDetail: String {
        let workers = current.workers
        if workers.max == 0 { return "the function takes nothing; workers.max is 0" }
        if workers.queue > 0 {
            return "\(workers.queue) invocations are waiting already; raise workers.queue or workers.max"
        }
        return "\(workers.max * workers.concurrency) invocations run already and workers.queue is 0; raise workers.max"
    }

    // MARK: Events of invocations

    /// An invocation arrived.
    ///
    /// - Parameter isEvent: nobody waits for it: it yields to those that somebody waits for, and is never refused for
    ///   want of room.
    package mutating func submit(
        _ id: InvocationID, isEvent: Bool = false, now: MonotonicTime, actions: inout [PoolAction]
    ) {
        precondition(!removed, "an invocation was submitted to a removed function")
        if let index = freeWorker() {
            assign(id, to: index, actions: &actions)
        } else if let backoff, backoff.until > now, !workers.contains(where: \.isLive) {
            let seconds = Int((backoff.until.milliseconds(since: now) + 999) / 1000)
            var failure = backoff.failure
            failure.retryAfterSeconds = seconds
            actions.append(.fail(id, failure))
        } else if isEvent {
            background.append(Waiting(id: id, since: now))
            scaleUp(now: now, actions: &actions)
        } else if callersWaiting >= room {
            actions.append(.fail(id, InvocationFailure(.queueFull, fullDetail, retryAfterSeconds: 1)))
        } else {
            waiting.append(Waiting(id: id, since: now))
            scaleUp(now: now, actions: &actions)
        }
    }

    /// A waiting invocation is given up by its owner (its deadline passed, or it was cancelled).
    /// False when it does not wait here.
    package mutating func cancelWaiting(_ id: InvocationID) -> Bool {
        if let index = background.firstIndex(where: { $0.id == id }) {
            background.remove(at: index)
            return true
        }
        guard waiting.contains(where: { $0.id == id }), cancelled.insert(id).inserted else { return false }
        dropCancelledHead()
        return true
    }

    /// The caller has its answer, while the worker cannot take another invocation yet. Whoever calls one after the other
    /// without a queue must not be refused for the moment between the two.
    package mutating func answered(_ id: WorkerID) {
        guard let index = index(of: id), workers[index].answered < workers[index].inFlight else { return }
        workers[index].answered += 1
    }

    /// A worker finished an invocation and can take another.
    package mutating func finished(_ id: WorkerID, now: MonotonicTime, actions: inout [PoolAction]) {
        guard let index = index(of: id), workers[index].phase != .stopping else { return }
        precondition(workers[index].inFlight > 0, "a worker finished more than it was given")
        workers[index].inFlight -= 1
        workers[index].answered = max(0, workers[index].answered - 1)
        workers[index].served += 1
        workers[index].idleSince = now
        switch workers[index].phase {
        case .starting, .stopping: preconditionFailure("a worker finished work before it was ready")
        case .draining: if workers[index].inFlight == 0 { stop(index, .replaced, actions: &actions) }
        case .ready:
            if workers[index].served >= workers[index].retireAfter { retire(id, now: now, actions: &actions) }
            feed(id, actions: &actions)
        case .retiring: feed(id, actions: &actions)
        }
    }

    // MARK: Time

    /// Looks at what only time changes: scale up, scale down, age, back-off.
    package mutating func tick(now: MonotonicTime, actions: inout [PoolAction]) {
        retireAged(now: now, actions: &actions)
        stopIdle(now: now, actions: &actions)
        guard !removed else { return }
        warmCandidate(now: now, actions: &actions)
        scaleUp(now: now, actions: &actions)
        keepMinimum(now: now, actions: &actions)
    }
}

extension FunctionPool {
    /// The versions that traffic goes to, may go to, or may return to.
    package var versionsInUse: Set<Int> {
        Set([current.version, candidate?.settings.version, fallback?.version].compactMap(\.self))
    }
}
