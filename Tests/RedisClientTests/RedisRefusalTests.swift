import NIOCore
import RedisClient
import Synchronization
import Testing

@Suite("A connection to a server that misbehaves", .timeLimit(.minutes(1)))
struct RedisRefusalTests {
    private func open(
        _ server: ScriptedServer, configure: @escaping @Sendable (RedisConnection) -> Void = { _ in }
    ) async throws -> TestConnection {
        try await TestConnection.open(RedisEndpoint(.tcp(server.address)), configure: configure)
    }

    @Test("A server that loads its data is tried again until it has", arguments: ["LOADING", "MASTERDOWN"])
    func loading(code: String) async throws {
        let server = try await ScriptedServer { connection, words in
            if words.first == "PING", connection < 3 { return .bytes("-\(code) wait\r\n") }
            return ScriptedServer.login(words) ?? .ok
        }
        let redis = try await open(server)
        await redis.wait(for: .ready)
        #expect(server.commands.count { $0.hasSuffix(" PING") } == 3)
        #expect(redis.log.lines.count { $0.contains("warning") } == 1)
        await redis.close()
        try await server.stop()
    }

    @Test("An answer that means a replica reaches the caller, and the connection is made anew")
    func readOnly() async throws {
        let server = try await ScriptedServer { connection, words in
            ScriptedServer.login(words) ?? (connection == 1 ? .bytes("-READONLY replica\r\n") : .ok)
        }
        let redis = try await open(server)
        await redis.wait(for: .ready)
        #expect(try await redis.ask("SET", "k", "v").serverError?.code == "READONLY")
        await redis.wait(for: .ready)
        #expect(try await redis.ask("SET", "k", "v").isOK)
        await redis.close()
        try await server.stop()
    }

    @Test(
        "What is not the protocol, or not asked for, ends the connection",
        arguments: ["HTTP/1.1 400\r\n", "+A\r\n+B\r\n"])
    func protocolViolation(text: String) async throws {
        let server = try await ScriptedServer { connection, words in
            ScriptedServer.login(words) ?? (connection == 1 ? .bytes(text) : .ok)
        }
        let redis = try await open(server)
        await redis.wait(for: .ready)
        _ = await redis.failure("ECHO")
        await redis.wait(for: .backingOff)
        await redis.wait(for: .ready)
        #expect(redis.log.lines.count { $0.contains("protocol") || $0.contains("nobody asked") } == 1)
        await redis.close()
        try await server.stop()
    }

    @Test("A server that closes the connection fails what waits")
    func closes() async throws {
        let server = try await ScriptedServer { _, words in ScriptedServer.login(words) ?? .close }
        let redis = try await open(server)
        await redis.wait(for: .ready)
        #expect(await redis.failure("ECHO") == .connectionLost)
        await redis.close()
        try await server.stop()
    }

    @Test("A server that never answers the login is given up and tried again")
    func silentLogin() async throws {
        let server = try await ScriptedServer { connection, words in
            connection == 1 ? .nothing : ScriptedServer.login(words) ?? .ok
        }
        var settings = RedisConnectionSettings()
        settings.setupTimeoutMilliseconds = 30
        let redis = try await TestConnection.open(RedisEndpoint(.tcp(server.address)), settings)
        await redis.wait(for: .backingOff)
        await redis.wait(for: .ready)
        await redis.close()
        try await server.stop()
    }

    @Test("The owner's setup may refuse a server, until it fits")
    func refusingSetup() async throws {
        let server = try await ScriptedServer { connection, words in
            ScriptedServer.login(words) ?? .bytes(":\(connection)\r\n")
        }
        let redis = try await open(server) { connection in
            connection.setup = {
                .run([RedisCommand("VERSION")]) { replies in
                    replies == [.integer(4)] ? .ready : .refuse(RedisError(.refused, "The version is too old."))
                }
            }
        }
        await redis.wait(for: .ready)
        #expect(server.commands.last == "4 VERSION")
        #expect(
            redis.log.lines == ["warning Redis is not available: The version is too old.", "info Redis is connected"])
        await redis.close()
        try await server.stop()
    }

    @Test("A callback may close the connection")
    func closeFromCallback() async throws {
        let server = try await ScriptedServer { _, words in ScriptedServer.login(words) ?? .bytes("+1\r\n+2\r\n+3\r\n")
        }
        let redis = try await open(server)
        await redis.wait(for: .ready)
        let results: [String] = await withCheckedContinuation { continuation in
            redis.handle.loop.execute {
                let connection = redis.handle.onLoop
                var results: [String] = []
                connection.send(RedisCommand("A")) { result in
                    results.append("\(result)")
                    connection.close()
                }
                connection.send(RedisCommand("B")) { result in
                    if case .failure(let error) = result { results.append("\(error.code)") }
                    connection.send(RedisCommand("C")) { result in
                        if case .failure(let error) = result { results.append("\(error.code)") }
                        continuation.resume(returning: results)
                    }
                }
            }
        }
        #expect(results.dropFirst() == ["closed", "closed"])
        try await server.stop()
    }
}
