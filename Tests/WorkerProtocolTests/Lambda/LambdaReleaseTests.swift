import FunctionModel
import HTTPCodec
import Testing
import WorkerProtocol

@Suite("A Lambda worker that is told to end keeps its Runtime API until it has")
struct LambdaReleaseTests {
    /// Nothing has come to a client when the loop has served another that came after it.
    private func expectSilence(of client: TestHTTPClient, in world: LambdaWorld) throws {
        #expect(try world.client().exchange(.get, "/2018-06-01/ping").status == 200)
        #expect(client.socket.hasNothing)
    }

    @Test("/next stays open and unanswered, on old connections and new ones")
    func next() throws {
        let world = try LambdaWorld()
        let client = try world.polling()
        try world.harness.release()
        let other = try world.client()
        try other.send(.get, LambdaWorld.next)
        try expectSilence(of: client, in: world)
        #expect(try other.response().status == 500, "as many wait as may")
        try world.harness.expectQuiet()
        try world.harness.close()
        #expect(try client.isClosed())
    }

    @Test("An answer that comes in that time is accepted and dropped, and the next poll waits")
    func answers() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        try world.harness.release()
        #expect(try client.exchange(post: LambdaWorld.response(1), "late").status == 202)
        try client.send(.get, LambdaWorld.next)
        try expectSilence(of: client, in: world)
        try world.harness.expectQuiet()
        try world.harness.close()
    }

    @Test("Who polls once more without having answered does not get the event again")
    func redelivery() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        try world.harness.release()
        try client.send(.get, LambdaWorld.next)
        try expectSilence(of: client, in: world)
        try world.harness.close()
    }

    @Test("Another contract's worker is let go at once")
    func others() throws {
        let (input, output) = (try TestSocket.pipe(), try TestSocket.pipe())
        let harness = try WorkerHarness(
            .stdio, context: WorkerHarness.context(), descriptors: [input.writing.take(), output.reading.take()])
        harness.expect(.ready)
        try harness.release()
        #expect(try input.reading.receive().isEmpty)
        try harness.expectQuiet()
    }
}
