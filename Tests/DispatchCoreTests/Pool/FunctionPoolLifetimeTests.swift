import DispatchCore
import FunctionModel
import Testing

@Suite struct FunctionPoolLifetimeTests {
    @Test("min workers are started by the first tick and replaced when they vanish")
    func minimum() {
        var world = PoolWorld(min: 2)
        world.tick()
        let ids = world.starts
        #expect(ids.count == 2)
        for id in ids { world.ready(id) }
        _ = world.submit()
        let used = world.assignments.values.first ?? ids[0]
        world.finished(used)
        world.actions = []
        world.gone(used)
        #expect(world.starts.count == 1)
    }

    @Test("A minimum that is raised starts workers at once, and one that is lowered lets them idle out")
    func changedMinimum() {
        var world = PoolWorld()
        world.pool.keep(minimum: 2, now: world.now, actions: &world.actions)
        let ids = world.starts
        #expect(ids.count == 2)
        for id in ids { world.ready(id) }
        world.actions = []
        world.advance(milliseconds: 700_000)
        world.tick()
        #expect(world.stops.isEmpty)
        world.pool.keep(minimum: 0, now: world.now, actions: &world.actions)
        #expect(Set(world.stops) == Set(ids))
    }

    @Test("A worker idle longer than its limit is stopped, down to min")
    func idle() {
        var (world, ids) = PoolWorld.warm(3)
        let due = world.pool.nextTick(now: world.now)
        #expect(due == world.now.advanced(byMilliseconds: 600_000))
        world.advance(milliseconds: 600_000)
        world.tick()
        #expect(Set(world.stops) == Set(ids))
        #expect(Set(world.stopReasons) == [.idle])
    }

    @Test("A failed start fails the waiting invocations and backs off, longer each time")
    func backoff() {
        var world = PoolWorld()
        var pauses: [Int64] = []
        for _ in 0..<7 {
            _ = world.submit()
            guard let worker = world.starts.last else { break }
            world.startFailed(worker)
            let began = world.now
            world.actions = []
            while world.starts.isEmpty {
                world.advance(milliseconds: 500)
                _ = world.submit()
            }
            pauses.append(world.now.milliseconds(since: began))
            #expect(Set(world.failures) == [.handlerInitFailed])
        }
        #expect(pauses == [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    }

    @Test("While starts are held back an invocation is refused with the failure and Retry-After")
    func refusedWhileBackingOff() {
        var world = PoolWorld()
        _ = world.submit()
        world.startFailed(world.starts[0])
        world.actions = []
        _ = world.submit()
        guard case .fail(_, let failure) = world.actions.first else {
            Issue.record("the invocation was not refused")
            return
        }
        #expect(failure.code == .handlerInitFailed)
        #expect(failure.retryAfterSeconds == 1)
    }

    @Test("A start that is denied for want of memory fails what waits when nobody else could serve it")
    func denied() {
        var world = PoolWorld()
        _ = world.submit()
        let failure = InvocationFailure(.noCapacity, "no memory", retryAfterSeconds: 1)
        world.pool.workerStartDenied(world.starts[0], failure: failure, now: world.now, actions: &world.actions)
        #expect(world.failures == [.noCapacity])
    }

    @Test("A worker is recycled after its number of invocations, its successor warm first")
    func recycled() {
        var settings = PoolWorld.workers(max: 1)
        settings.maxInvocations = 5
        var world = PoolWorld()
        world.pool = FunctionPool(settings: PoolSettings(version: 1, workers: settings), ordinal: 1, seed: 3)
        _ = world.submit()
        let first = world.starts[0]
        world.ready(first)
        for _ in 0..<4 {
            world.finished(first)
            _ = world.submit()
        }
        #expect(world.starts == [first])
        world.finished(first)
        #expect(world.starts.count == 2)
        _ = world.submit()
        #expect(world.stops.isEmpty)
        world.ready(world.starts[1])
        #expect(world.stops.isEmpty)
        world.finished(first)
        #expect(world.stops == [first])
        #expect(world.failures.isEmpty)
    }

    @Test("When the successor cannot start the old worker goes on")
    func successorFails() {
        var (world, ids) = PoolWorld.warm(1)
        world.pool.retire(ids[0], now: world.now, actions: &world.actions)
        world.startFailed(world.starts[0])
        #expect(world.pool.worker(ids[0])?.phase == .ready)
        #expect(world.stops.isEmpty)
    }

    @Test("A worker older than its age is replaced, its successor warm first")
    func aged() {
        var settings = PoolWorld.workers(max: 2)
        settings.maxAgeMilliseconds = 1_000
        var world = PoolWorld()
        world.pool = FunctionPool(settings: PoolSettings(version: 1, workers: settings), ordinal: 1, seed: 3)
        _ = world.submit()
        let first = world.starts[0]
        world.ready(first)
        world.advance(milliseconds: 1_000)
        world.tick()
        #expect(world.starts.count == 2)
        #expect(world.stops.isEmpty)
        world.ready(world.starts[1])
        world.finished(first)
        #expect(world.stops == [first])
    }

    @Test("The longest idle worker above min is given up for another function")
    func evict() {
        var (world, ids) = PoolWorld.warm(2)
        world.advance(milliseconds: 10)
        let invocation = world.submit()
        let used = world.assignments[invocation]
        world.finished(used ?? ids[0])
        world.actions = []
        let evicted = world.pool.evictIdle(actions: &world.actions)
        #expect(evicted)
        #expect(world.stops == ids.filter { $0 != used })
        #expect(world.stopReasons == [.evicted])
    }

    @Test("Removing a function fails what waits, lets running work end and reports when all is gone")
    func remove() {
        var (world, ids) = PoolWorld.warm(1, max: 1)
        _ = world.submit()
        _ = world.submit()
        world.pool.remove(actions: &world.actions)
        #expect(world.failures == [.functionNotFound])
        #expect(world.stops.isEmpty)
        world.finished(ids[0])
        #expect(world.stops == ids)
        #expect(!world.isDrained)
        world.gone(ids[0])
        #expect(world.isDrained)
    }
}
