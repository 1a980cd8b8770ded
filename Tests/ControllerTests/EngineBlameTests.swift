import ContainerEngine
import DispatchCore
import FunctionModel
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Controller

/// Whose fault it is that a worker did not start.
@Suite("What the engine fails at is not the function's fault")
struct EngineBlameTests {
    @Test(
        "Whatever the engine fails at is engine_unavailable, but for what concerns the function's own image",
        arguments: EngineError.Code.allCases, [false, true])
    func codes(_ code: EngineError.Code, hasImage: Bool) {
        let error = EngineError(code, "It failed at /var/lib/docker.", cause: "runc")
        let isOfImage = hasImage && (code == .imageMissing || code == .badConfiguration)
        let failure = error.failure(hasImage: hasImage)
        #expect(failure.code == (isOfImage ? .handlerInitFailed : .engineUnavailable))
        guard !isOfImage else { return }
        #expect(failure.retryAfterSeconds != nil)
        guard case .released = EventOutcome(failure, hasBegun: false) else {
            Issue.record("an event's attempt is spent")
            return
        }
    }

    @Test("What the engine could not start is not told to callers in its own words, which have this host's paths")
    func words() {
        for code in [EngineError.Code.other, .commandNotFound, .containerNotFound, .notSupported] {
            let detail = EngineError(code, "/var/lib/docker broke", cause: "/run/runc").failure(hasImage: false).detail
            #expect(!detail.contains("/var/lib") && !detail.contains("/run"))
        }
    }

    private func failure(of cause: WorkerExit.Cause, outOfMemory: Bool = false) throws -> FailureCode? {
        let bench = DispatcherBench(try #require(FunctionName("f")))
        bench.dispatcher.deploy(bench.version(1))
        bench.loop.run()
        let exchange = try #require(bench.invoke(nil))
        let id = try #require(bench.asked.starts.withLock { $0.first?.id })
        bench.dispatcher.handle(
            .exited(id, WorkerExit(cause: cause, outOfMemory: outOfMemory, memoryLimitBytes: 128 << 20)))
        return exchange.failure?.code
    }

    @Test("A container that is ended from outside before its handler was ready is not the handler's end")
    func endedOutside() throws {
        #expect(try failure(of: .containerEnded) == .engineUnavailable)
        #expect(try failure(of: .containerEnded, outOfMemory: true) == .outOfMemory)
        #expect(try failure(of: .exited(code: 3)) == .handlerInitFailed)
        #expect(try failure(of: .signalled(11)) == .handlerInitFailed)
        #expect(try failure(of: .vanished("its init broke the protocol")) == .handlerInitFailed)
    }

    @Test("A start that lacks memory is answered when all that could be stopped was, with nothing to stop too")
    func memoryShort() throws {
        let bench = DispatcherBench(try #require(FunctionName("f")))
        bench.dispatcher.deploy(bench.version(1))
        let exchange = try #require(bench.invoke(nil))
        let id = try #require(bench.asked.starts.withLock { $0.first?.id })
        bench.dispatcher.handle(.memoryShort(id, bytes: 1 << 20))
        #expect(bench.asked.looked.withLock { $0 } == [], "workers that are busy may be idle in a moment")
        bench.loop.advanceTime(by: .milliseconds(500))
        #expect(bench.asked.looked.withLock { $0 } == [id])
        #expect(exchange.failure == nil)
        bench.dispatcher.handle(.denied(id, InvocationFailure(.noCapacity, "no room", retryAfterSeconds: 5)))
        #expect(exchange.failure?.code == .noCapacity)
    }
}
