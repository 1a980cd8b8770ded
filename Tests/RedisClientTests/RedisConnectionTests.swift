import NIOCore
import RedisClient
import Synchronization
import Testing

@Suite("A connection to a real server", .timeLimit(.minutes(1)))
struct RedisConnectionTests {
    @Test("Commands are answered, errors of the server too")
    func commands() async throws {
        let server = try RedisServerProcess()
        let redis = try await TestConnection.ready(server)
        #expect(try await redis.ask("SET", "k", "v").isOK)
        #expect(try await redis.ask("GET", "k").string == "v")
        #expect(try await redis.ask("GET", "none").isNull)
        #expect(try await redis.ask("INCR", "n") == .integer(1))
        #expect(try await redis.ask("INCR", "k").serverError?.code == "ERR")
        #expect(try await redis.ask("RPUSH", "l", "a", "b") == .integer(2))
        #expect(try await redis.ask("LRANGE", "l", "0", "-1").array?.compactMap(\.string) == ["a", "b"])
        #expect(try await redis.ask("CLIENT", "GETNAME").string == "glo")
        await redis.close()
    }

    @Test("A thousand commands of one turn are answered in order")
    func pipelining() async throws {
        let server = try RedisServerProcess()
        let redis = try await TestConnection.ready(server)
        let answers: [Int64] = await withCheckedContinuation { continuation in
            redis.handle.loop.execute {
                let connection = redis.handle.onLoop
                let answers = NIOLoopBoundBox<[Int64]>([], eventLoop: connection.loop)
                for _ in 0..<1000 {
                    connection.send(RedisCommand("INCR", "n")) { result in
                        if case .success(let value) = result { answers.value.append(value.int ?? -1) }
                        if connection.pendingCount == 0 { continuation.resume(returning: answers.value) }
                    }
                }
            }
        }
        #expect(answers == Array(1...1000))
        await redis.close()
    }

    @Test(
        "Any bytes come back as they went, up to a megabyte",
        arguments: [0, 1, 255, 16_384, 32_768, 70_000, 1 << 20])
    func binary(count: Int) async throws {
        let server = try RedisServerProcess()
        let redis = try await TestConnection.ready(server)
        let bytes = ByteBuffer(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        var set = RedisCommand("SET", "k")
        set.append(bytes)
        async let before = redis.ask("ECHO", "before")
        async let answer = redis.handle.ask(set)
        async let after = redis.ask("ECHO", "after")
        #expect(try await answer.isOK)
        #expect(try await before.string == "before")
        #expect(try await after.string == "after")
        #expect(try await redis.ask("GET", "k").bytes == bytes)
        await redis.close()
    }

    @Test("After a server was killed and started again, the connection works again")
    func restart() async throws {
        let server = try RedisServerProcess()
        let redis = try await TestConnection.ready(server)
        server.kill()
        await redis.wait(for: .backingOff)
        #expect(await redis.failure("PING") == .unavailable)
        try server.start()
        await redis.wait(for: .ready)
        #expect(try await redis.ask("SET", "k", "v").isOK)
        await redis.close()
        #expect(await redis.failure("PING") == .closed)
    }

    @Test("What waits for an answer when the server is killed fails")
    func lost() async throws {
        let server = try RedisServerProcess()
        let redis = try await TestConnection.ready(server)
        server.pause()
        async let first = redis.failure("PING", timeout: 30_000)
        while await redis.handle.run({ $0.pendingCount }) == 0 { await Task.yield() }
        server.kill()
        #expect(await first == .connectionLost)
        await redis.close()
    }

    @Test("A server that stands still costs each command its time limit, and then goes on")
    func pause() async throws {
        let server = try RedisServerProcess()
        let redis = try await TestConnection.ready(server)
        server.pause()
        async let first = redis.failure("DBSIZE", timeout: 20)
        async let second = redis.failure("DBSIZE", timeout: 60)
        #expect(await first == .timedOut)
        #expect(await second == .timedOut)
        server.resume()
        // Its answer comes behind those that nobody waits for any more.
        #expect(try await redis.ask("ECHO", "x").string == "x")
        #expect(await redis.handle.run { $0.pendingCount } == 0)
        #expect(await redis.handle.run { $0.state } == .ready)
        await redis.close()
    }

    @Test("A connection whose oldest command waits too long is made anew")
    func stuck() async throws {
        let server = try RedisServerProcess()
        var settings = RedisConnectionSettings()
        settings.stuckAfterMilliseconds = 80
        let redis = try await TestConnection.ready(server, settings)
        server.pause()
        #expect(await redis.failure("DBSIZE", timeout: 20) == .timedOut)
        await redis.wait(for: .backingOff)
        server.resume()
        await redis.wait(for: .ready)
        #expect(try await redis.ask("ECHO", "x").string == "x")
        await redis.close()
    }

    @Test("A user of the ACL logs in, also one who may do little")
    func acl() async throws {
        let users = "user default off\nuser app on >s3cret ~* +get\n"
        let server = try RedisServerProcess(access: users)
        let endpoint = RedisEndpoint(unixSocket: server.socketPath, user: "app", password: "s3cret")
        let redis = try await TestConnection.open(endpoint)
        await redis.wait(for: .ready)
        #expect(try await redis.ask("GET", "k").isNull)
        #expect(try await redis.ask("SET", "k", "v").serverError?.code == "NOPERM")
        await redis.close()
    }

    @Test("A wrong password is said once, however often it is tried")
    func wrongPassword() async throws {
        let server = try RedisServerProcess(access: "user app on >s3cret ~* +@all\n")
        let endpoint = RedisEndpoint(unixSocket: server.socketPath, user: "app", password: "wrong")
        let redis = try await TestConnection.open(endpoint)
        for _ in 0..<3 { await redis.wait(for: .settingUp) }
        let failure = await redis.handle.run { $0.lastFailure }
        #expect(failure?.code == .refused)
        #expect(redis.log.lines.count { $0.contains("WRONGPASS") } == 1)
        #expect(!redis.log.lines.contains { $0.contains("wrong ") })
        await redis.close()
    }

    @Test("Without a password where one is needed, the reason says what to do")
    func noPassword() async throws {
        let server = try RedisServerProcess(["--requirepass", "s3cret"])
        let redis = try await TestConnection.open(RedisEndpoint(.unixSocket(path: server.socketPath)))
        await redis.wait(for: .settingUp)
        await redis.wait(for: .backingOff)
        #expect(await redis.handle.run { $0.lastFailure?.hint.contains("password") } == true)
        await redis.close()
    }

    @Test("Where nothing listens, the reason names the path")
    func nothingThere() async throws {
        let redis = try await TestConnection.open(RedisEndpoint(.unixSocket(path: "/tmp/glo-no-such.sock")))
        await redis.wait(for: .backingOff)
        let failure = await redis.handle.run { $0.lastFailure }
        #expect(failure?.message.contains("/tmp/glo-no-such.sock: no such file or directory") == true)
        await redis.close()
    }

    @Test("The owner's setup runs on each connection before it is ready, in as many rounds as it wants")
    func setup() async throws {
        let server = try RedisServerProcess()
        let redis = try await TestConnection.open(RedisEndpoint(.unixSocket(path: server.socketPath))) { connection in
            connection.setup = {
                .run([RedisCommand("GET", "loaded")]) { replies in
                    guard replies == [.null] else { return .ready }
                    return .run([RedisCommand("SET", "loaded", "1"), RedisCommand("GET", "loaded")]) { replies in
                        replies.map(\.string) == ["OK", "1"] ? .ready : .refuse(RedisError(.refused, "Not loaded."))
                    }
                }
            }
        }
        await redis.wait(for: .ready)
        #expect(try await redis.ask("GET", "loaded").string == "1")
        server.kill()
        await redis.wait(for: .backingOff)
        try server.start()
        await redis.wait(for: .ready)
        #expect(try await redis.ask("GET", "loaded").string == "1")
        await redis.close()
    }

    @Test("More commands than may wait are refused at once")
    func overloaded() async throws {
        let server = try RedisServerProcess()
        var settings = RedisConnectionSettings()
        settings.pendingLimit = 3
        let redis = try await TestConnection.ready(server, settings)
        let codes = await redis.handle.run { connection in
            let codes = NIOLoopBoundBox<[RedisError.Code]>([], eventLoop: connection.loop)
            for _ in 0..<5 {
                connection.send(RedisCommand("PING")) { result in
                    if case .failure(let error) = result { codes.value.append(error.code) }
                }
            }
            return codes.value
        }
        #expect(codes == [.overloaded, .overloaded])
        await redis.close()
    }
}
