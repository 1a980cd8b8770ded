import AdminModel
import AdminTestSupport
import CLinux
import Controller
import CurlClient
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@Suite("The admin API")
struct AdminServerTests {
    private func decode<Value: Decodable>(_ type: Value.Type, _ answer: AdminFixture.Answer) throws -> Value {
        try JSONDecoder().decode(type, from: Data(answer.body))
    }

    @Test("Every document comes as the backend gives it")
    func documents() async throws {
        let fixture = try await AdminFixture()
        let status = try decode(ControllerStatus.self, await fixture.send("GET", "/v1/status"))
        #expect(status == (try await fixture.backend.status()))
        let functions = try decode([FunctionSummary].self, await fixture.send("GET", "/v1/functions"))
        #expect(functions == (try await fixture.backend.functions()))
        let workers = try decode([WorkerInfo].self, await fixture.send("GET", "/v1/workers"))
        #expect(workers == (try await fixture.backend.workers()))
        let detail = try decode(FunctionDetail.self, await fixture.send("GET", "/v1/functions/hello"))
        #expect(detail.problem?.location == "hello/function.yaml:3")
        let versions = try decode([VersionInfo].self, await fixture.send("GET", "/v1/functions/hello/versions"))
        #expect(versions.map(\.number) == [3, 2])
        let explanation = try decode(Explanation.self, await fixture.send("GET", "/v1/functions/hello/explain"))
        #expect(explanation.command.first == "docker")
        await fixture.server.stop()
    }

    @Test("Members are in camel case, times are Unix milliseconds")
    func spelling() async throws {
        let fixture = try await AdminFixture()
        let text = try await fixture.send("GET", "/v1/functions").text
        #expect(text.contains(#""deployedAtMilliseconds":1795331819123"#))
        #expect(text.contains(#""inFlight":0"#))
        #expect(text.contains(#""pinned":false"#))
        let status = try await fixture.send("GET", "/v1/status").text
        #expect(status.contains(#""bootId":"boot-1""#))
        #expect(status.contains(#""reachable":true"#))
        await fixture.server.stop()
    }

    @Test(
        "Refusals are problem documents with a stable code",
        arguments: [
            ("GET", "/v1/functions/nobody", 404, "function_not_found"),
            ("GET", "/v1/functions/Not%20A%20Name", 404, "function_not_found"),
            ("GET", "/v1/functions/..%2f..%2fetc", 404, "function_not_found"),
            ("POST", "/v1/functions/nobody/invoke", 404, "function_not_found"),
            ("GET", "/v1/nothing", 404, "path_not_found"), ("GET", "/elsewhere", 404, "path_not_found"),
            ("DELETE", "/v1/functions/hello", 404, "path_not_found"),
            ("GET", "/v1/logs?tail=many", 400, "bad_request"), ("GET", "/v1/logs?tail=-1", 400, "bad_request"),
            ("GET", "/v1/logs?function=nobody", 404, "function_not_found"),
        ])
    func refusals(method: String, path: String, status: Int, code: String) async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send(method, path)
        #expect(answer.status == status)
        #expect(answer.contentType == ProblemDocument.contentType)
        let problem = try decode(ProblemDocument.self, answer)
        #expect(problem.code == code)
        #expect(problem.status == status)
        await fixture.server.stop()
    }

    @Test("An event goes in and its result comes out; a failed invocation is a result too")
    func invoke() async throws {
        let fixture = try await AdminFixture()
        let path = "/v1/functions/hello/invoke"
        let good = try decode(InvokeResult.self, await fixture.send("POST", path, body: Array("æ\0ø".utf8)))
        #expect(good.isSuccess)
        #expect(good.payloadBytes == Array("æ\0ø".utf8))
        #expect(good.logTail == nil)
        let failed = try decode(InvokeResult.self, await fixture.send("POST", path, body: Array("fail".utf8)))
        #expect(failed.outcome == "handler_failed")
        let bytes = try decode(InvokeResult.self, await fixture.send("POST", path, body: Array("bytes".utf8)))
        #expect(bytes.payloadBytes == [0, 255, 10, 13, 0])
        let logged = try decode(InvokeResult.self, await fixture.send("POST", path + "?logTail=true", body: []))
        #expect(logged.logTail?.first?.message == "from the handler")
        let boom = try await fixture.send("POST", path, body: Array("boom".utf8))
        #expect(boom.status == 503)
        #expect(try decode(ProblemDocument.self, boom).code == "engine_unavailable")
        await fixture.server.stop()
    }

    @Test("An event over the limit is refused before it reaches the backend")
    func largeEvent() async throws {
        let fixture = try await AdminFixture(configure: { $0.maximumEventBytes = 1000 })
        let path = "/v1/functions/hello/invoke"
        let answer = try await fixture.send("POST", path, body: [UInt8](repeating: 65, count: 1001))
        #expect(answer.status == 413)
        #expect(try decode(ProblemDocument.self, answer).code == "body_too_large")
        #expect(fixture.backend.invoked.withLock { $0.isEmpty })
        #expect(try await fixture.send("POST", path, body: [UInt8](repeating: 65, count: 1000)).status == 200)
        await fixture.server.stop()
    }

    @Test("A rollback takes a number, or none, and nothing else")
    func rollback() async throws {
        let fixture = try await AdminFixture()
        let path = "/v1/functions/hello/rollback"
        #expect(try decode(VersionInfo.self, await fixture.send("POST", path)).number == 2)
        #expect(try await fixture.send("POST", path, body: Array(#"{"version":3}"#.utf8)).status == 200)
        #expect(fixture.backend.rollbacks.withLock { $0 } == [nil, 3])
        #expect(try await fixture.send("POST", path, body: Array("three".utf8)).status == 400)
        let missing = try await fixture.send("POST", path, body: Array(#"{"version":99}"#.utf8))
        #expect(missing.status == 404)
        #expect(try decode(ProblemDocument.self, missing).code == "version_not_found")
        await fixture.server.stop()
    }

    @Test("Logs come as one JSON document a line")
    func logs() async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send("GET", "/v1/logs?function=hello&tail=2")
        #expect(answer.contentType == "application/x-ndjson")
        let lines = answer.text.split(separator: "\n")
        #expect(lines.count == 2)
        let record = try JSONDecoder().decode(LogRecord.self, from: Data(lines[1].utf8))
        #expect(record == fixture.backend.line("line 1"))
        #expect(try await fixture.send("GET", "/v1/logs?tail=0").body.isEmpty)
        await fixture.server.stop()
    }

    @Test("A follower that leaves is noticed although nothing is logged")
    func followerLeaves() async throws {
        let fixture = try await AdminFixture()
        let lines = try await fixture.lines("/v1/logs?tail=1&follow=true", leavingAfter: 1)
        #expect(lines.count == 1)
        var gone = fixture.backend.gone.makeAsyncIterator()
        #expect(await gone.next() != nil)
        await fixture.server.stop()
    }

    @Test("A follower's stream ends when the server stops")
    func stopEndsStreams() async throws {
        let fixture = try await AdminFixture()
        async let lines = fixture.lines("/v1/logs?tail=1&follow=true", leavingAfter: nil)
        var came = fixture.backend.came.makeAsyncIterator()
        #expect(await came.next() != nil)
        await fixture.server.stop()
        // That this returns at all is the point.
        #expect(try await lines.count <= 1)
    }

    @Test("Only the owner may use the socket, and it is gone when the server has stopped")
    func socket() async throws {
        let fixture = try await AdminFixture()
        #expect(fixture.listeners == [ListenerStatus(role: "admin", address: "unix:\(fixture.socketPath)")])
        #expect(try Self.mode(fixture.socketPath) == 0o600)
        #expect(TemporaryDirectory.names(fixture.state) == ["admin.sock", "controller.lock"])
        await fixture.server.stop()
        #expect(TemporaryDirectory.names(fixture.state) == ["controller.lock"])
    }

    @Test("A path that is too long for a socket works all the same")
    func longPath() async throws {
        let fixture = try await AdminFixture(subdirectory: String(repeating: "x", count: 150))
        #expect(TemporaryDirectory.names(fixture.state).contains("admin.sock"))
        await fixture.server.stop()
    }

    @Test("What a dead controller left is replaced")
    func stale() async throws {
        let fixture = try await AdminFixture(prepare: { state in
            let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(state)/admin.sock".utf8) }
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(bound == 0)
            close(socket)
        })
        #expect(try await fixture.send("GET", "/v1/status").status == 200)
        await fixture.server.stop()
    }

    @Test("There is no TCP without a token")
    func noToken() async throws {
        await #expect(throws: AdminServerError.self) {
            _ = try await AdminFixture(configure: { $0.tcp = ("127.0.0.1", 0) })
        }
    }

    @Test("TCP takes the token and nothing else; the socket needs none")
    func bearer() async throws {
        let token = "a-token-of-good-length"
        let fixture = try await AdminFixture(configure: {
            $0.tcp = ("127.0.0.1", 0)
            $0.token = try AdminToken(token)
        })
        #expect(fixture.listeners.count == 2)
        let base = "http://\(fixture.listeners[1].address)"
        for wrong in [nil, "a-token-of-wrong-length"] {
            let answer = try await fixture.send("GET", "/v1/status", to: base, token: wrong)
            #expect(answer.status == 401)
            #expect(try decode(ProblemDocument.self, answer).code == "unauthorized")
        }
        #expect(try await fixture.send("GET", "/v1/nothing", to: base).status == 401)
        #expect(try await fixture.send("GET", "/v1/status", to: base, token: token).status == 200)
        #expect(try await fixture.send("GET", "/v1/status").status == 200)
        await fixture.server.stop()
    }

    @Test("An address that is taken is an error that says so, and leaves nothing behind")
    func addressTaken() async throws {
        let first = try await AdminFixture(configure: {
            $0.tcp = ("127.0.0.1", 0)
            $0.token = try AdminToken("a-token-of-good-length")
        })
        let port = Int(first.listeners[1].address.split(separator: ":")[1]) ?? 0
        let error = await #expect(throws: AdminServerError.self) {
            _ = try await AdminFixture(configure: {
                $0.tcp = ("127.0.0.1", port)
                $0.token = try AdminToken("a-token-of-good-length")
            })
        }
        #expect(error?.code == .cannotBind)
        await first.server.stop()
    }

    private static func mode(_ path: String) throws -> UInt32 {
        var status = clinux_file_status()
        struct CannotLook: Error {}
        guard clinux_status_at(AT_FDCWD, path, &status) == 0 else { throw CannotLook() }
        return status.mode
    }
}
