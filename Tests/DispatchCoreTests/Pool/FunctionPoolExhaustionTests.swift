import DispatchCore
import FunctionModel
import Testing

/// Workers that have used up their memory.
@Suite struct FunctionPoolExhaustionTests {
    @Test("A worker that is exhausted takes no more work, and who waits is given to its successor")
    func successor() {
        var (world, ids) = PoolWorld.warm(1, max: 1)
        _ = world.submit()
        let waiting = world.submit()
        world.actions = []
        world.pool.exhausted(ids[0], now: world.now, actions: &world.actions)
        let successor = world.starts.first
        #expect(world.starts.count == 1)
        #expect(world.stops.isEmpty)
        world.finished(ids[0])
        #expect(world.stops == [ids[0]])
        #expect(world.assignments[waiting] == nil)
        if let successor { world.ready(successor) }
        #expect(world.assignments[waiting] == successor)
        #expect(world.failures.isEmpty)
    }

    @Test("The successor that a leaking worker has asked for becomes a worker of its own; no second one is started")
    func retiring() {
        var (world, ids) = PoolWorld.warm(1, max: 1)
        _ = world.submit()
        world.pool.retire(ids[0], now: world.now, actions: &world.actions)
        #expect(world.starts.count == 1)
        world.pool.exhausted(ids[0], now: world.now, actions: &world.actions)
        let waiting = world.submit()
        #expect(world.starts.count == 1)
        world.finished(ids[0])
        #expect(world.stops == [ids[0]])
        world.ready(world.starts[0])
        #expect(world.assignments[waiting] == world.starts[0])
    }

    @Test("Several at once on one worker: it ends with the last of them")
    func concurrent() {
        var (world, ids) = PoolWorld.warm(1, max: 1, concurrency: 3)
        for _ in 0..<3 { _ = world.submit() }
        world.pool.exhausted(ids[0], now: world.now, actions: &world.actions)
        let late = world.submit()
        for _ in 0..<2 { world.finished(ids[0]) }
        #expect(world.stops.isEmpty)
        world.finished(ids[0])
        #expect(world.stops == [ids[0]])
        #expect(world.assignments[late] == nil)
    }

    @Test("When only its own end frees the memory for a successor, who waits is not refused but waits for that")
    func denied() {
        var (world, ids) = PoolWorld.warm(1, max: 1)
        _ = world.submit()
        let waiting = world.submit()
        world.actions = []
        world.pool.exhausted(ids[0], now: world.now, actions: &world.actions)
        let failure = InvocationFailure(.noCapacity, "no memory", retryAfterSeconds: 5)
        world.pool.workerStartDenied(world.starts[0], failure: failure, now: world.now, actions: &world.actions)
        #expect(world.failures.isEmpty)
        world.finished(ids[0])
        world.actions = []
        world.gone(ids[0])
        #expect(world.starts.count == 1)
        world.ready(world.starts[0])
        #expect(world.assignments[waiting] == world.starts[0])
    }

    @Test("A worker that is not ready, or is leaving already, is not exhausted twice")
    func states() {
        var world = PoolWorld(max: 1)
        _ = world.submit()
        let id = world.starts[0]
        world.actions = []
        world.pool.exhausted(id, now: world.now, actions: &world.actions)
        #expect(world.actions.isEmpty)
        world.ready(id)
        world.pool.exhausted(id, now: world.now, actions: &world.actions)
        world.actions = []
        world.pool.exhausted(id, now: world.now, actions: &world.actions)
        #expect(world.actions.isEmpty)
        world.finished(id)
        world.actions = []
        world.pool.exhausted(id, now: world.now, actions: &world.actions)
        #expect(world.actions.isEmpty)
    }

    @Test("Only idle workers above min can be given up, and they are counted")
    func evictable() {
        var (world, _) = PoolWorld.warm(3)
        #expect(world.pool.evictableCount == 3)
        _ = world.submit()
        #expect(world.pool.evictableCount == 2)
        world.pool.keep(minimum: 2, now: world.now, actions: &world.actions)
        #expect(world.pool.evictableCount == 1)
    }
}
