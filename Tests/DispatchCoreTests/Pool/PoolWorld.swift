import DispatchCore
import FunctionModel

/// A pool with a clock and an owner that records the actions; tests drive it by hand.
struct PoolWorld {
    var pool: FunctionPool
    var now = MonotonicTime(nanoseconds: 1_000_000_000)
    var actions: [PoolAction] = []
    private var nextInvocation: UInt64 = 1

    init(min: Int = 0, max: Int = 4, concurrency: Int = 1, queue: Int = 100, fallback: Int? = nil) {
        let workers = Self.workers(min: min, max: max, concurrency: concurrency, queue: queue)
        pool = FunctionPool(
            settings: PoolSettings(version: 1, workers: workers),
            fallback: fallback.map { PoolSettings(version: $0, workers: workers) }, ordinal: 7, seed: 1)
    }

    static func workers(min: Int = 0, max: Int = 4, concurrency: Int = 1, queue: Int = 100) -> WorkerSettings {
        var settings = WorkerSettings()
        settings.min = min
        settings.max = max
        settings.concurrency = concurrency
        settings.queue = queue
        return settings
    }

    mutating func submit() -> InvocationID {
        let id = InvocationID(high: 0, low: nextInvocation)
        nextInvocation += 1
        pool.submit(id, now: now, actions: &actions)
        return id
    }

    mutating func ready(_ id: WorkerID) { pool.workerReady(id, now: now, actions: &actions) }
    mutating func finished(_ id: WorkerID) { pool.finished(id, now: now, actions: &actions) }
    mutating func gone(_ id: WorkerID) { pool.workerGone(id, now: now, actions: &actions) }
    mutating func tick() { pool.tick(now: now, actions: &actions) }
    mutating func advance(milliseconds: Int) { now = now.advanced(byMilliseconds: milliseconds) }

    mutating func startFailed(_ id: WorkerID, _ code: FailureCode = .handlerInitFailed) {
        pool.workerStartFailed(id, failure: InvocationFailure(code, "it fails"), now: now, actions: &actions)
    }

    mutating func deploy(version: Int, min: Int = 0, max: Int = 4) {
        let settings = PoolSettings(version: version, workers: Self.workers(min: min, max: max))
        pool.deploy(settings, now: now, actions: &actions)
    }

    /// A pool with this many ready, idle workers above `min` 0, made by letting work wait.
    static func warm(_ count: Int, max: Int = 4, concurrency: Int = 1) -> (PoolWorld, [WorkerID]) {
        var world = PoolWorld(max: max, concurrency: concurrency)
        for _ in 0..<count * concurrency { _ = world.submit() }
        while world.starts.count < count {
            world.advance(milliseconds: 1_000)
            world.tick()
        }
        let ids = world.starts
        for id in ids { world.ready(id) }
        for id in ids { for _ in 0..<concurrency { world.finished(id) } }
        world.actions = []
        return (world, ids)
    }

    // MARK: What was asked of the owner

    var starts: [WorkerID] {
        actions.compactMap { if case .start(let id, _) = $0 { id } else { nil } }
    }

    var startedVersions: [Int] {
        actions.compactMap { if case .start(_, let version) = $0 { version } else { nil } }
    }

    var stops: [WorkerID] {
        actions.compactMap { if case .stop(let id, _) = $0 { id } else { nil } }
    }

    var stopReasons: [WorkerStopReason] {
        actions.compactMap { if case .stop(_, let reason) = $0 { reason } else { nil } }
    }

    var assignments: [InvocationID: WorkerID] {
        var found: [InvocationID: WorkerID] = [:]
        for case .assign(let invocation, let worker) in actions { found[invocation] = worker }
        return found
    }

    var failures: [FailureCode] {
        actions.compactMap { if case .fail(_, let failure) = $0 { failure.code } else { nil } }
    }

    var activated: [Int] {
        actions.compactMap { if case .activated(let version) = $0 { version } else { nil } }
    }

    var rejected: [Int] {
        actions.compactMap { if case .rejected(let version, _) = $0 { version } else { nil } }
    }

    var isDrained: Bool {
        actions.contains { if case .drained = $0 { true } else { false } }
    }
}
