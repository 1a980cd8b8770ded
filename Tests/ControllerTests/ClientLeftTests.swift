import FunctionModel
import NIOCore
import Testing

@testable import Controller

@Suite("Callers that have left")
struct ClientLeftTests {
    private func bench() throws -> DispatcherBench {
        let bench = DispatcherBench(try #require(FunctionName("f")))
        bench.dispatcher.deploy(bench.version(1))
        return bench
    }

    private func call(_ bench: DispatcherBench) throws -> (id: InvocationID, exchange: DispatcherBench.Exchange) {
        let exchange = DispatcherBench.Exchange()
        let id = bench.dispatcher.invoke(
            try #require(bench.dispatcher.functions[bench.name]), input: .direct(ByteBuffer()), payload: .raw,
            traceParent: nil, responder: exchange)
        return (id, exchange)
    }

    @Test("Who left while waiting for a worker is not run, and frees the place in the queue")
    func waiting() throws {
        let bench = try bench()
        let first = try call(bench)
        let second = try call(bench)
        #expect(bench.dispatcher.activeCount == 2)
        bench.dispatcher.clientLeft(first.id, of: bench.name)
        #expect(first.exchange.failure?.code == .cancelled && second.exchange.failure == nil)
        #expect(bench.dispatcher.activeCount == 1)
        let function = try #require(bench.dispatcher.functions[bench.name])
        #expect(function.active[first.id] == nil && function.active[second.id] != nil)
        // Told twice, or of somebody who is not there, nothing happens.
        bench.dispatcher.clientLeft(first.id, of: bench.name)
        bench.dispatcher.clientLeft(second.id, of: try #require(FunctionName("other")))
        #expect(bench.dispatcher.activeCount == 1)
    }
}
