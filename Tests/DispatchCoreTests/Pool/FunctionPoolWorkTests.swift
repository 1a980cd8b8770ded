import DispatchCore
import FunctionModel
import Testing

@Suite struct FunctionPoolWorkTests {
    @Test("The first invocation of a cold function starts one worker and waits for it")
    func coldStart() {
        var world = PoolWorld()
        let id = world.submit()
        #expect(world.starts.count == 1)
        #expect(world.assignments.isEmpty)
        world.ready(world.starts[0])
        #expect(world.assignments == [id: world.starts[0]])
    }

    @Test("A herd on a cold function starts one worker at once and more only while it waits")
    func coldHerd() {
        var world = PoolWorld(max: 4)
        for _ in 0..<50 { _ = world.submit() }
        #expect(world.starts.count == 1)
        for _ in 0..<2_000 {
            world.advance(milliseconds: 1)
            world.tick()
        }
        #expect(world.starts.count == 4)
    }

    @Test("A warm worker is given the invocation at once, and the most recently used one is preferred")
    func warm() {
        var (world, ids) = PoolWorld.warm(2)
        world.advance(milliseconds: 5)
        let first = world.submit()
        let worker = world.assignments[first]
        #expect(worker != nil)
        world.finished(worker ?? ids[0])
        world.advance(milliseconds: 5)
        let second = world.submit()
        #expect(world.assignments[second] == worker)
        #expect(world.starts.isEmpty)
    }

    @Test("Work that waits no longer than the threshold does not add a worker")
    func shortWait() {
        var (world, ids) = PoolWorld.warm(1)
        _ = world.submit()
        let second = world.submit()
        world.advance(milliseconds: FunctionPool.scaleUpAfterMilliseconds - 1)
        world.tick()
        #expect(world.starts.isEmpty)
        world.finished(ids[0])
        #expect(world.assignments[second] == ids[0])
        #expect(world.pool.nextTick(now: world.now) == nil)
    }

    @Test("Work that waits longer adds a worker, up to max")
    func longWait() {
        var (world, _) = PoolWorld.warm(1, max: 2)
        for _ in 0..<5 { _ = world.submit() }
        let due = world.pool.nextTick(now: world.now)
        #expect(due == world.now.advanced(byMilliseconds: FunctionPool.scaleUpAfterMilliseconds))
        for _ in 0..<100 {
            world.advance(milliseconds: 10)
            world.tick()
        }
        #expect(world.starts.count == 1)
    }

    @Test("A worker takes as many invocations at once as its concurrency says")
    func concurrency() {
        var (world, ids) = PoolWorld.warm(1, max: 1, concurrency: 3)
        let invocations = (0..<4).map { _ in world.submit() }
        #expect(world.assignments.count == 3)
        world.finished(ids[0])
        #expect(world.assignments[invocations[3]] == ids[0])
    }

    @Test("A full queue refuses with queue_full and Retry-After")
    func queueFull() {
        var world = PoolWorld(queue: 2)
        for _ in 0..<3 { _ = world.submit() }
        #expect(world.failures == [.queueFull])
        guard case .fail(_, let failure) = world.actions.last else {
            Issue.record("the last action is not a failure")
            return
        }
        #expect(failure.retryAfterSeconds == 1)
    }

    @Test("Without a queue as many callers are taken as there may be workers, the ones being started among them")
    func withoutQueue() {
        var world = PoolWorld(max: 2, queue: 0)
        for _ in 0..<3 { _ = world.submit() }
        #expect(world.failures == [.queueFull])
        world.ready(world.starts[0])
        _ = world.submit()
        #expect(world.failures == [.queueFull, .queueFull])
    }

    @Test("Without a queue the next caller waits for a worker that has answered and not yet ended")
    func answered() {
        var world = PoolWorld(max: 1, queue: 0)
        _ = world.submit()
        let worker = world.starts[0]
        world.ready(worker)
        _ = world.submit()
        #expect(world.failures == [.queueFull])
        world.pool.answered(worker)
        let next = world.submit()
        _ = world.submit()
        #expect(world.failures == [.queueFull, .queueFull])
        world.finished(worker)
        #expect(world.assignments[next] == worker)
        _ = world.submit()
        #expect(world.failures.count == 3)
    }

    @Test("A function that may have no workers refuses every caller and starts nothing")
    func closed() {
        var world = PoolWorld(min: 1, max: 0, queue: 100)
        _ = world.submit()
        #expect(world.failures == [.queueFull])
        #expect(world.starts.isEmpty)
        #expect(world.pool.eventRoom(now: world.now) == 0)
    }

    @Test("A version without workers takes over at once: who waits is refused, what runs may end")
    func closing() {
        var (world, ids) = PoolWorld.warm(1, max: 1)
        _ = world.submit()
        _ = world.submit()
        world.deploy(version: 2, max: 0)
        #expect(world.failures == [.queueFull])
        #expect(world.pool.currentVersion == 2)
        world.finished(ids[0])
        #expect(world.stops == [ids[0]])
    }

    @Test("A cancelled invocation frees its place in the queue and is never assigned")
    func cancelWaiting() {
        var world = PoolWorld(queue: 2)
        let first = world.submit()
        let second = world.submit()
        let cancelled = world.pool.cancelWaiting(first)
        let again = world.pool.cancelWaiting(first)
        #expect(cancelled && !again)
        let third = world.submit()
        #expect(world.failures.isEmpty)
        let worker = world.starts[0]
        world.ready(worker)
        #expect(world.assignments == [second: worker])
        world.finished(worker)
        #expect(world.assignments[third] == worker)
    }

    @Test("A worker whose only invocation timed out is stopped, and waiting work gets another one")
    func timedOut() {
        var (world, ids) = PoolWorld.warm(1, max: 1)
        _ = world.submit()
        _ = world.submit()
        world.pool.timedOut(ids[0], now: world.now, actions: &world.actions)
        #expect(world.stops == ids)
        #expect(world.stopReasons == [.timedOut])
        #expect(world.starts.count == 1)
    }

    @Test("A worker with other invocations is stopped after they have ended")
    func timedOutAmongOthers() {
        var (world, ids) = PoolWorld.warm(1, max: 1, concurrency: 2)
        _ = world.submit()
        _ = world.submit()
        world.pool.timedOut(ids[0], now: world.now, actions: &world.actions)
        #expect(world.stops.isEmpty)
        world.finished(ids[0])
        #expect(world.stops == ids)
    }

    @Test("A broken worker is stopped at once and takes nothing more")
    func broke() {
        var (world, ids) = PoolWorld.warm(1)
        _ = world.submit()
        world.pool.workerBroke(ids[0], now: world.now, actions: &world.actions)
        #expect(world.stopReasons == [.failed])
        _ = world.submit()
        #expect(world.assignments.count == 1)
        #expect(world.starts.count == 1)
        world.gone(ids[0])
        #expect(world.pool.worker(ids[0]) == nil)
    }
}
