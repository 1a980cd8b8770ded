import DispatchCore
import FunctionModel
import Testing

@Suite struct FunctionPoolVersionTests {
    @Test("A function without workers moves to the new version at once")
    func coldDeploy() {
        var world = PoolWorld()
        world.deploy(version: 2)
        #expect(world.activated == [2])
        #expect(world.starts.isEmpty)
    }

    @Test("A warm function moves when a worker of the new version is ready; the old one ends its work first")
    func warmDeploy() {
        var (world, old) = PoolWorld.warm(1)
        let running = world.submit()
        #expect(world.assignments[running] == old[0])
        world.deploy(version: 2)
        #expect(world.activated.isEmpty)
        #expect(world.startedVersions == [2])
        let new = world.starts[0]
        world.ready(new)
        #expect(world.activated == [2])
        #expect(world.stops.isEmpty)
        let next = world.submit()
        #expect(world.assignments[next] == new)
        world.finished(old[0])
        #expect(world.stops == old)
        #expect(world.stopReasons == [.replaced])
    }

    @Test("All min workers of the new version are ready before traffic moves")
    func warmDeployMinimum() {
        var (world, old) = PoolWorld.warm(1)
        world.deploy(version: 2, min: 2)
        #expect(world.starts.count == 2)
        world.ready(world.starts[0])
        let early = world.submit()
        #expect(world.assignments[early] == old[0])
        #expect(world.activated.isEmpty)
        world.ready(world.starts[1])
        #expect(world.activated == [2])
    }

    @Test("A new version that cannot start is given up and the old one serves on")
    func candidateFails() {
        var (world, old) = PoolWorld.warm(1)
        world.deploy(version: 2)
        world.startFailed(world.starts[0])
        #expect(world.rejected == [2])
        #expect(world.activated.isEmpty)
        let id = world.submit()
        #expect(world.assignments[id] == old[0])
    }

    @Test("A new version that took traffic cold and cannot start gives the waiting work back to the last good one")
    func returnsToLastGood() {
        var world = PoolWorld()
        world.deploy(version: 2)
        let id = world.submit()
        world.startFailed(world.starts[0])
        #expect(world.rejected == [2])
        #expect(world.activated == [2, 1])
        #expect(world.failures.isEmpty)
        #expect(world.startedVersions == [2, 1])
        world.ready(world.starts[1])
        #expect(world.assignments[id] == world.starts[1])
    }

    @Test("Once the new version has been ready, a later failed start does not bring the old one back")
    func noReturnAfterReady() {
        var world = PoolWorld()
        world.deploy(version: 2)
        _ = world.submit()
        let first = world.starts[0]
        world.ready(first)
        world.finished(first)
        world.gone(first)
        _ = world.submit()
        world.startFailed(world.starts[1])
        #expect(world.rejected.isEmpty)
        #expect(world.failures == [.handlerInitFailed])
    }

    @Test("A third version that comes while the second is warmed takes its place")
    func superseded() {
        var (world, old) = PoolWorld.warm(1)
        world.deploy(version: 2)
        let second = world.starts[0]
        world.deploy(version: 3)
        let third = world.starts[1]
        world.ready(second)
        #expect(world.activated.isEmpty)
        #expect(world.stops == [second])
        world.ready(third)
        #expect(world.activated == [3])
        #expect(Set(world.stops) == [second, old[0]])
    }

    @Test("The serving version deployed again calls off the one that is warmed")
    func calledOff() {
        var (world, old) = PoolWorld.warm(1)
        world.deploy(version: 2)
        world.deploy(version: 1)
        #expect(world.activated == [1])
        #expect(world.stops == world.starts)
        let id = world.submit()
        #expect(world.assignments[id] == old[0])
    }

    @Test("A start that is denied keeps the new version waiting and is tried again")
    func candidateDenied() {
        var (world, old) = PoolWorld.warm(1)
        world.deploy(version: 2)
        let failure = InvocationFailure(.engineUnavailable, "the engine hangs")
        world.pool.workerStartDenied(world.starts[0], failure: failure, now: world.now, actions: &world.actions)
        #expect(world.rejected.isEmpty)
        let id = world.submit()
        #expect(world.assignments[id] == old[0])
        guard let due = world.pool.nextTick(now: world.now) else {
            Issue.record("nothing is due")
            return
        }
        world.now = due
        world.tick()
        #expect(world.startedVersions == [2, 2])
    }
}
