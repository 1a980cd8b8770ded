import FunctionModel
import HTTPCodec
import NIOCore
import Testing
import WorkerProtocol

/// An `http` worker whose server is the test itself.
private struct HTTPWorld {
    let harness: WorkerHarness

    init(concurrency: Int = 1) throws {
        harness = try WorkerHarness(
            .http, context: WorkerHarness.context(concurrency: concurrency), descriptors: [])
        harness.expect(.ready)
    }

    /// Passes a connection to the worker, as init does, and gives its other end.
    func connect() throws -> TestSocket {
        let (mine, theirs) = try TestSocket.pair()
        try harness.adopt(theirs.take())
        return mine
    }

    /// A worker with one connection that has served invocation 1 already.
    static func used() throws -> (world: HTTPWorld, server: TestSocket) {
        let world = try HTTPWorld()
        let server = try world.connect()
        try world.harness.invoke(Sample.http(1))
        _ = try server.receive(upTo: "\r\n\r\n")
        try server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        world.harness.expect(
            .head(Sample.id(1), 200, ["Content-Length=0"]), .end(Sample.id(1)), .finished(Sample.id(1)))
        return (world, server)
    }
}

@Suite("HTTP servers are asked over passed connections")
struct HTTPWorkerChannelTests {
    @Test("A request carries the event, its identity and its body; the response is streamed back")
    func roundTrip() throws {
        let world = try HTTPWorld()
        let server = try world.connect()
        try world.harness.invoke(
            Sample.http(
                1, .post, "/hello/x", query: "a=1",
                fields: [
                    ("Host", "h:1"), ("X-A", "1"), ("Content-Length", "99"), ("Expect", "100-continue"),
                    ("traceparent", "old"),
                ], body: "body", traceParent: Sample.traceParent))
        #expect(
            try server.receive(upTo: "\r\n\r\nbody")
                == "POST /hello/x?a=1 HTTP/1.1\r\nHost: h:1\r\nX-A: 1\r\nGlo-Invocation-Id: \(Sample.id(1))\r\n"
                + "Glo-Attempt: 1\r\ntraceparent: \(Sample.traceParent)\r\nContent-Length: 4\r\n\r\nbody")
        try server.send(
            "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nX-B: 2\r\n"
                + "Connection: X-Hop\r\nX-Hop: 1\r\n\r\n3\r\nabc\r\n")
        world.harness.expect(.head(Sample.id(1), 201, ["X-B=2"]), .chunk(Sample.id(1), "abc"))
        try server.send("3\r\ndef\r\n0\r\n\r\n")
        world.harness.expect(.chunk(Sample.id(1), "def"), .end(Sample.id(1)), .finished(Sample.id(1)))
    }

    @Test("Bytes that are no request are posted to /")
    func direct() throws {
        let world = try HTTPWorld()
        let server = try world.connect()
        try world.harness.invoke(Sample.direct(1, "{}", attempt: 2))
        #expect(
            try server.receive(upTo: "\r\n\r\n{}")
                == "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Glo-Invocation-Id: \(Sample.id(1))\r\nGlo-Attempt: 2\r\nContent-Length: 2\r\n\r\n{}")
    }

    @Test("A connection is used again")
    func reuse() throws {
        let (world, server) = try HTTPWorld.used()
        try world.harness.invoke(Sample.http(2, .get, "/second"))
        #expect(try server.receive(upTo: "\r\n\r\n").hasPrefix("GET /second HTTP/1.1\r\n"))
        try server.send("HTTP/1.1 204 No Content\r\n\r\n")
        world.harness.expect(.head(Sample.id(2), 204, []), .end(Sample.id(2)), .finished(Sample.id(2)))
        try world.harness.invoke(Sample.http(3, .head))
        _ = try server.receive(upTo: "\r\n\r\n")
        try server.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        world.harness.expect(
            .head(Sample.id(3), 200, ["Content-Length=5"]), .end(Sample.id(3)), .finished(Sample.id(3)))
    }

    @Test("An invocation without a connection asks for one and waits for it")
    func asks() throws {
        let world = try HTTPWorld()
        try world.harness.invoke(Sample.http(1))
        world.harness.expect(.needsConnection)
        let server = try world.connect()
        #expect(try server.receive(upTo: "\r\n\r\n").hasPrefix("GET /hello "))
    }

    @Test("A server that closes after each response gets a new connection each time", arguments: ["1.0", "1.1"])
    func closing(_ version: String) throws {
        let world = try HTTPWorld()
        var server = try world.connect()
        for number in UInt64(1)...3 {
            try world.harness.invoke(Sample.http(number))
            _ = try server.receive(upTo: "\r\n\r\n")
            try server.send("HTTP/\(version) 200 OK\r\nServer: x\r\nConnection: close\r\n\r\nuntil the end")
            world.harness.expect(
                .head(Sample.id(number), 200, ["Server=x"]), .chunk(Sample.id(number), "until the end"))
            server.close()
            world.harness.expect(.end(Sample.id(number)), .finished(Sample.id(number)), .needsConnection)
            server = try world.connect()
        }
    }

    @Test("An idle connection that the server closes is replaced when it had been used, and only then")
    func idleClose() throws {
        let (world, server) = try HTTPWorld.used()
        server.close()
        world.harness.expect(.needsConnection)
        let fresh = try world.connect()
        fresh.close()
        try world.harness.expectQuiet()
    }

    @Test("A request on a used connection that dies silently is repeated once, if that is harmless")
    func retried() throws {
        let (world, server) = try HTTPWorld.used()
        try world.harness.invoke(Sample.http(2, .put, "/again", body: "x"))
        _ = try server.receive(upTo: "\r\n\r\nx")
        server.close()
        world.harness.expect(.needsConnection)
        let fresh = try world.connect()
        #expect(try fresh.receive(upTo: "\r\n\r\nx").hasPrefix("PUT /again "))
        fresh.close()
        world.harness.expect(
            .failure(Sample.id(2), .handlerFailed, payload: nil), .finished(Sample.id(2)), .needsConnection)
    }

    @Test("A request that might have been carried out is not repeated")
    func notRetried() throws {
        let (world, server) = try HTTPWorld.used()
        try world.harness.invoke(Sample.http(2, .post, body: "x"))
        _ = try server.receive(upTo: "\r\n\r\nx")
        server.close()
        world.harness.expect(
            .failure(Sample.id(2), .handlerFailed, payload: nil), .finished(Sample.id(2)), .needsConnection)
        #expect(world.harness.details.last == "The server closed the connection without a response.")
    }

    @Test(
        "A response that breaks HTTP's rules fails the invocation, and the connection is given up",
        arguments: [
            "hello\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 200 OK\n\n",
            "HTTP/1.1 101 Switching\r\n\r\n",
        ])
    func invalid(_ response: String) throws {
        let world = try HTTPWorld()
        let server = try world.connect()
        try world.harness.invoke(Sample.http(1))
        _ = try server.receive(upTo: "\r\n\r\n")
        try server.send(response)
        world.harness.expect(
            .failure(Sample.id(1), .invalidResponse, payload: nil), .finished(Sample.id(1)), .needsConnection)
        #expect(try server.receive().isEmpty)
    }

    @Test("A response that breaks off in its body fails after its head")
    func truncated() throws {
        let world = try HTTPWorld()
        let server = try world.connect()
        try world.harness.invoke(Sample.http(1))
        _ = try server.receive(upTo: "\r\n\r\n")
        try server.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        world.harness.expect(.head(Sample.id(1), 200, ["Content-Length=10"]), .chunk(Sample.id(1), "abc"))
        server.close()
        world.harness.expect(
            .failure(Sample.id(1), .invalidResponse, payload: nil), .finished(Sample.id(1)), .needsConnection)
    }

    @Test("Bytes behind a response are never taken for the next one")
    func smuggled() throws {
        let world = try HTTPWorld()
        let server = try world.connect()
        try world.harness.invoke(Sample.http(1))
        _ = try server.receive(upTo: "\r\n\r\n")
        try server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        world.harness.expect(
            .head(Sample.id(1), 200, ["Content-Length=0"]), .end(Sample.id(1)), .finished(Sample.id(1)),
            .needsConnection)
        #expect(try server.receive().isEmpty)
    }

    @Test("A cancelled request gives up its connection")
    func cancelled() throws {
        let world = try HTTPWorld()
        let server = try world.connect()
        try world.harness.invoke(Sample.http(1))
        _ = try server.receive(upTo: "\r\n\r\n")
        try world.harness.cancel(Sample.id(1))
        world.harness.expect(.finished(Sample.id(1)), .needsConnection)
        #expect(try server.receive().isEmpty)
        try world.harness.invoke(Sample.http(2))
        try world.harness.cancel(Sample.id(2))
        world.harness.expect(.finished(Sample.id(2)))
    }

    @Test("When no connection can be had, what waits fails")
    func connectFailed() throws {
        let world = try HTTPWorld()
        try world.harness.invoke(Sample.http(1))
        world.harness.expect(.needsConnection)
        try world.harness.onLoop { $0.connectFailed("Connection refused.") }
        world.harness.expect(.failure(Sample.id(1), .handlerFailed, payload: nil), .finished(Sample.id(1)))
        #expect(world.harness.details.last == "The server takes no connection: Connection refused.")
    }

    @Test("Never more connections are open than invocations may run")
    func connections() throws {
        let world = try HTTPWorld(concurrency: 2)
        let servers = try (0..<3).map { _ in try world.connect() }
        #expect(try servers[2].receive().isEmpty)
        try world.harness.invoke(Sample.http(1, .get, "/1"))
        try world.harness.invoke(Sample.http(2, .get, "/2"))
        var seen: Set<String> = []
        for server in servers[..<2] { seen.insert(String(try server.receive(upTo: "\r\n\r\n").prefix(6))) }
        #expect(seen == ["GET /1", "GET /2"])
        try world.harness.expectQuiet()
    }

    @Test("A body larger than one write arrives whole")
    func large() throws {
        let world = try HTTPWorld()
        let server = try world.connect()
        let body = String(repeating: "0123456789", count: 200_000)
        try world.harness.invoke(Sample.http(1, .post, body: body))
        let head = try server.receive(upTo: "\r\n\r\n")
        #expect(head.contains("Content-Length: 2000000\r\n"))
        #expect(try server.receive(exactly: 2_000_000) == Array(body.utf8))
    }

    @Test("A closed channel closes its connections and those that come late")
    func close() throws {
        let world = try HTTPWorld()
        let server = try world.connect()
        try world.harness.close()
        #expect(try server.receive().isEmpty)
        let late = try world.connect()
        #expect(try late.receive().isEmpty)
        try world.harness.expectQuiet()
    }
}
