import Testing

@testable import CurlClient

/// Requests to a server on a Unix socket.
@Suite(.timeLimit(.minutes(1))) struct CurlSessionTests {
    private let directory = TemporaryDirectory()

    private func withServer<Value>(
        _ reply: @escaping @Sendable (ScriptedServer.Request) -> ScriptedServer.Reply,
        _ body: (ScriptedServer, borrowing CurlSession) throws -> Value
    ) rethrows -> Value {
        let server = ScriptedServer(directory: directory.path, reply: reply)
        defer { server.stop() }
        return try body(server, CurlSession())
    }

    private func request(_ server: ScriptedServer, method: String = "GET", body: [UInt8]? = nil) -> CurlRequest {
        CurlRequest(method: method, url: "http://localhost/x?y=1", unixSocketPath: server.path, body: body)
    }

    private func failure(_ body: () throws(CurlError) -> Void) -> CurlError? {
        do throws(CurlError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("A response arrives with status, fields and body")
    func response() throws {
        try withServer({ _ in .respond(status: 418, body: "tea", fields: ["X-A: 1", "x-a:  2"]) }) { server, session in
            let response = try session.perform(request(server))
            #expect(response.status == 418)
            #expect(String(decoding: response.body, as: UTF8.self) == "tea")
            #expect(response.headers.filter { $0.name.lowercased() == "x-a" }.map(\.value) == ["1", "2"])
            #expect(response.head.first("X-A") == "1")
            #expect(server.requests.first?.path == "/x?y=1")
        }
    }

    @Test("A session reuses its connection")
    func reuse() throws {
        try withServer({ _ in .respond(status: 200, body: "ok") }) { server, session in
            for _ in 0..<5 { _ = try session.perform(request(server)) }
            #expect(server.accepted == 1)
            #expect(server.requests.count == 5)
        }
    }

    @Test("A body arrives unchanged, without waiting for leave to send it", arguments: [0, 1, 1_200_000])
    func requestBody(_ count: Int) throws {
        try withServer({ _ in .respond(status: 200, body: "") }) { server, session in
            let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            _ = try session.perform(request(server, method: "POST", body: body))
            let seen = try #require(server.requests.first)
            #expect(seen.method == "POST")
            #expect(seen.body == body)
            #expect(!seen.fields.contains { $0.lowercased().hasPrefix("expect:") })
            #expect(!seen.fields.contains { $0.lowercased().hasPrefix("content-type:") })
        }
    }

    @Test("A POST without a body says that its length is 0, and a DELETE has no length")
    func noBody() throws {
        try withServer({ _ in .respond(status: 200, body: "") }) { server, session in
            _ = try session.perform(request(server, method: "POST"))
            _ = try session.perform(request(server, method: "DELETE"))
            #expect(server.requests[0].fields.contains { $0.lowercased() == "content-length: 0" })
            #expect(server.requests[1].method == "DELETE")
            #expect(!server.requests[1].fields.contains { $0.lowercased().hasPrefix("content-length") })
        }
    }

    @Test("Interim responses and trailers are left out")
    func interim() throws {
        let text =
            "HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\nhi\r\n0\r\nX-Trailer: t\r\n\r\n"
        try withServer({ _ in .raw(text) }) { server, session in
            let response = try session.perform(request(server))
            #expect(response.status == 200)
            #expect(response.head.first("link") == nil)
            #expect(response.head.first("x-trailer") == nil)
            #expect(String(decoding: response.body, as: UTF8.self) == "hi")
        }
    }

    @Test("A missing socket and one without a listener are told apart")
    func cannotConnect() throws {
        let session = CurlSession()
        let missing = failure { () throws(CurlError) in
            _ = try session.perform(CurlRequest(url: "http://x/", unixSocketPath: "\(directory.path)/none"))
        }
        #expect(missing?.kind == .couldNotConnect(.noSuchFile))
        let server = ScriptedServer(directory: directory.path, name: "dead") { _ in .hang }
        let link = "\(directory.path)/alive"
        // The name goes on to exist when the listener is gone.
        #expect(linkFile(server.path, link))
        server.stop()
        let refused = failure { () throws(CurlError) in
            _ = try session.perform(CurlRequest(url: "http://x/", unixSocketPath: link))
        }
        #expect(refused?.kind == .couldNotConnect(.refused))
        #expect(refused?.message.isEmpty == false && refused?.hint.isEmpty == false)
    }

    @Test("A server that never answers costs the deadline and no more")
    func deadline() {
        withServer({ _ in .hang }) { server, session in
            var slow = request(server)
            slow.timeoutMilliseconds = 150
            let clock = ContinuousClock()
            var error: CurlError?
            let time = clock.measure { error = failure { () throws(CurlError) in _ = try session.perform(slow) } }
            #expect(error?.kind == .timedOut)
            #expect(time < .seconds(2))
        }
    }

    @Test("What is not HTTP, and an end without an answer, are broken exchanges", arguments: [false, true])
    func garbage(_ closes: Bool) {
        withServer({ _ in closes ? .close : .raw("hello there\nnothing like HTTP\n") }) { server, session in
            let error = failure { () throws(CurlError) in _ = try session.perform(request(server)) }
            #expect(error?.kind == .disconnected)
        }
    }

    @Test("A body above the limit is refused")
    func tooLarge() {
        withServer({ _ in .respond(status: 200, body: String(repeating: "x", count: 10_001)) }) { server, session in
            var limited = request(server)
            limited.maxResponseBytes = 10_000
            let error = failure { () throws(CurlError) in _ = try session.perform(limited) }
            #expect(error?.kind == .tooLarge)
            limited.maxResponseBytes = 10_001
            #expect((try? session.perform(limited))?.body.count == 10_001)
        }
    }

    @Test("A stream is handed on piece by piece until its reader has enough")
    func stream() {
        withServer({ _ in .raw("HTTP/1.1 200 OK\r\n\r\nfirst\nsecond\n") }) { server, session in
            var seen: [UInt8] = []
            var status = 0
            let error = failure { () throws(CurlError) in
                try session.stream(
                    request(server), onHead: { status = $0.status },
                    onData: { bytes in
                        seen += bytes
                        return seen.count < 13
                    })
            }
            #expect(status == 200)
            #expect(String(decoding: seen, as: UTF8.self) == "first\nsecond\n")
            #expect(error?.kind == .aborted)
        }
    }

    @Test("A cancelled request ends long before its deadline")
    func cancelled() async throws {
        let server = ScriptedServer(directory: directory.path) { _ in .hang }
        defer { server.stop() }
        let pool = BlockingPool(name: "test", threads: 1) { CurlSession() }
        let request = request(server)
        let task = Task {
            await pool.run { session, cancellation -> CurlError.Kind? in
                do throws(CurlError) {
                    _ = try session.perform(request, cancellation: cancellation)
                    return nil
                } catch {
                    return error.kind
                }
            }
        }
        try await waitUntil { !server.requests.isEmpty }
        task.cancel()
        #expect(await task.value == .aborted)
    }

    @Test("Failed requests leave no connection behind")
    func noLeak() async throws {
        let server = ScriptedServer(directory: directory.path) { request in
            request.method == "GET" ? .close : .respond(status: 500, body: "no")
        }
        defer { server.stop() }
        do {
            let session = CurlSession()
            for index in 0..<100 { _ = try? session.perform(request(server, method: index % 2 == 0 ? "GET" : "PUT")) }
            #expect(server.openConnections <= 2)
        }
        try await waitUntil { server.openConnections == 0 }
    }
}
