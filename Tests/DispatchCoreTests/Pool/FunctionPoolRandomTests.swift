import DispatchCore
import FunctionModel
import Testing

/// A small world of a pool, its workers and its invocations, driven at random; after each step its invariants hold.
@Suite struct FunctionPoolRandomTests {
    @Test("Whatever happens, each invocation ends once and no worker is overloaded", arguments: 0..<60)
    func invariants(seed: UInt64) {
        var world = RandomPoolWorld(seed: seed)
        for _ in 0..<600 { world.step() }
        world.settle()
        #expect(world.open.isEmpty, "seed \(seed): \(world.open.count) invocations never ended")
    }
}

struct RandomPoolWorld {
    private enum WorkerState { case starting, ready, stopping }

    private var pool: FunctionPool
    private var random: SplitMix64
    private var now = MonotonicTime(nanoseconds: 0)
    private var workers: [WorkerID: WorkerState] = [:]
    private var running: [WorkerID: [InvocationID]] = [:]
    private(set) var open: Set<InvocationID> = []
    private var nextInvocation: UInt64 = 1
    private var nextVersion = 2
    private let max: Int
    private var concurrency: Int

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        max = Int.random(in: 1...4, using: &random)
        concurrency = Int.random(in: 1...3, using: &random)
        var settings = PoolWorld.workers(
            min: Int.random(in: 0...1, using: &random), max: max, concurrency: concurrency, queue: 20)
        settings.maxInvocations = Bool.random(using: &random) ? 7 : nil
        pool = FunctionPool(settings: PoolSettings(version: 1, workers: settings), ordinal: 1, seed: seed)
    }

    mutating func step() {
        now = now.advanced(byMilliseconds: Int.random(in: 0...40, using: &random))
        var actions: [PoolAction] = []
        switch Int.random(in: 0..<21, using: &random) {
        case 0..<8: submit(&actions)
        case 8..<13: finishOne(&actions)
        case 13..<16: startOne(&actions)
        case 16: breakOne(&actions)
        case 17: timeOutOne(&actions)
        case 18: deploy(&actions)
        case 19: exhaustOne(&actions)
        default: pool.tick(now: now, actions: &actions)
        }
        endOne(&actions)
        carryOut(actions)
        check()
    }

    /// Lets everything that was begun end.
    mutating func settle() {
        for _ in 0..<3_000 where !open.isEmpty {
            now = now.advanced(byMilliseconds: 40)
            var actions: [PoolAction] = []
            pool.tick(now: now, actions: &actions)
            if let id = pick(.starting) { pool.workerReady(id, now: now, actions: &actions); workers[id] = .ready }
            finishOne(&actions)
            endOne(&actions)
            carryOut(actions)
            check()
        }
    }

    private func sorted(_ ids: some Collection<WorkerID>) -> [WorkerID] { ids.sorted { $0.rawValue < $1.rawValue } }

    private mutating func pick(_ state: WorkerState) -> WorkerID? {
        sorted(workers.filter { $0.value == state }.keys).randomElement(using: &random)
    }

    private mutating func pickBusy() -> WorkerID? {
        sorted(running.filter { !$0.value.isEmpty && workers[$0.key] == .ready }.keys).randomElement(using: &random)
    }

    private mutating func submit(_ actions: inout [PoolAction]) {
        let id = InvocationID(high: 9, low: nextInvocation)
        nextInvocation += 1
        open.insert(id)
        pool.submit(id, now: now, actions: &actions)
        if Int.random(in: 0..<10, using: &random) == 0, pool.cancelWaiting(id) { open.remove(id) }
    }

    private mutating func finishOne(_ actions: inout [PoolAction]) {
        guard let worker = pickBusy(), let id = running[worker]?.popLast() else { return }
        let ended = open.remove(id)
        #expect(ended != nil, "an invocation ended twice")
        pool.finished(worker, now: now, actions: &actions)
    }

    private mutating func startOne(_ actions: inout [PoolAction]) {
        guard let id = pick(.starting) else { return }
        let failure = InvocationFailure(.handlerInitFailed, "at random")
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            workers[id] = nil
            pool.workerStartFailed(id, failure: failure, now: now, actions: &actions)
        case 1:
            workers[id] = nil
            pool.workerStartDenied(id, failure: failure, now: now, actions: &actions)
        default:
            workers[id] = .ready
            pool.workerReady(id, now: now, actions: &actions)
        }
    }

    private mutating func breakOne(_ actions: inout [PoolAction]) {
        guard let id = pick(.ready) else { return }
        for invocation in running.removeValue(forKey: id) ?? [] { open.remove(invocation) }
        pool.workerBroke(id, now: now, actions: &actions)
    }

    private mutating func timeOutOne(_ actions: inout [PoolAction]) {
        guard let id = pickBusy(), let invocation = running[id]?.popLast() else { return }
        open.remove(invocation)
        pool.timedOut(id, now: now, actions: &actions)
    }

    private mutating func exhaustOne(_ actions: inout [PoolAction]) {
        guard let id = pickBusy() else { return }
        pool.exhausted(id, now: now, actions: &actions)
    }

    private mutating func deploy(_ actions: inout [PoolAction]) {
        let settings = PoolWorld.workers(min: 0, max: max, concurrency: concurrency, queue: 20)
        pool.deploy(PoolSettings(version: nextVersion, workers: settings), now: now, actions: &actions)
        nextVersion += 1
    }

    private mutating func endOne(_ actions: inout [PoolAction]) {
        guard let id = pick(.stopping) else { return }
        workers[id] = nil
        running[id] = nil
        pool.workerGone(id, now: now, actions: &actions)
    }

    private mutating func carryOut(_ actions: [PoolAction]) {
        for action in actions {
            switch action {
            case .start(let id, _):
                #expect(workers[id] == nil, "a worker id was used twice")
                workers[id] = .starting
            case .stop(let id, _):
                #expect(workers[id] != nil && workers[id] != .stopping, "a worker was stopped twice")
                #expect(running[id, default: []].isEmpty, "a busy worker was stopped")
                workers[id] = .stopping
            case .assign(let invocation, let worker):
                #expect(open.contains(invocation), "an ended invocation was assigned")
                #expect(workers[worker] == .ready, "work was given to a worker that is not ready")
                running[worker, default: []].append(invocation)
                #expect(running[worker, default: []].count <= concurrency, "a worker is overloaded")
            case .fail(let invocation, _):
                let ended = open.remove(invocation)
                #expect(ended != nil, "an invocation ended twice")
            case .activated, .rejected, .delayed, .drained: break
            }
        }
    }

    private func check() {
        let live = pool.workers.count {
            $0.version == pool.currentVersion && $0.phase != .draining && $0.phase != .stopping
        }
        #expect(live <= 2 * max, "more than max workers and their successors")
        #expect(pool.waitingCount >= 0)
    }
}
