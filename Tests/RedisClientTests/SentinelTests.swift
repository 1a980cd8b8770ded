import RedisClient
import Synchronization
import TestSupport
import Testing

@Suite("A master that Sentinel names", .timeLimit(.minutes(1)))
struct SentinelTests {
    private func master(_ address: RedisAddress) -> ScriptedServer.Answer {
        let port = "\(address.port)"
        return .bytes("*2\r\n$\(address.host.utf8.count)\r\n\(address.host)\r\n$\(port.utf8.count)\r\n\(port)\r\n")
    }

    private func endpoint(_ sentinels: RedisAddress...) -> RedisEndpoint {
        RedisEndpoint(.sentinel(masterName: "main", sentinels: sentinels))
    }

    @Test("Sentinels are asked in turn, and the one that knew first the next time")
    func order() async throws {
        let redisServer = try await ScriptedServer { _, words in
            ScriptedServer.login(words) ?? (words.first == "QUIT" ? .close : .ok)
        }
        let address = redisServer.address
        let ignorant = try await ScriptedServer { _, _ in .bytes("*-1\r\n") }
        let silent = try await ScriptedServer { _, _ in .nothing }
        let knowing = try await ScriptedServer { _, _ in self.master(address) }
        var settings = RedisConnectionSettings()
        settings.connectTimeoutMilliseconds = 500
        let redis = try await TestConnection.open(
            endpoint(ignorant.address, silent.address, knowing.address), settings)
        await redis.wait(for: .ready)
        #expect(await redis.failure("QUIT") == .connectionLost)
        await redis.wait(for: .ready)
        #expect(ignorant.commands == ["1 SENTINEL get-master-addr-by-name main"])
        #expect(silent.commands.count == 1)
        #expect(knowing.commands.count == 2)
        await redis.close()
        for server in [redisServer, ignorant, silent, knowing] { try await server.stop() }
    }

    @Test("A sentinel that names a replica is asked again until it names the master")
    func replica() async throws {
        let old = try await ScriptedServer { _, words in
            words.first == "ROLE" ? .bytes("*1\r\n$5\r\nslave\r\n") : ScriptedServer.login(words) ?? .ok
        }
        let new = try await ScriptedServer { _, words in ScriptedServer.login(words) ?? .ok }
        let (oldAddress, newAddress) = (old.address, new.address)
        let sentinel = try await ScriptedServer { connection, _ in
            self.master(connection < 3 ? oldAddress : newAddress)
        }
        let redis = try await TestConnection.open(endpoint(sentinel.address))
        await redis.wait(for: .ready)
        #expect(sentinel.commands.count == 3)
        #expect(new.commands.contains("1 ROLE"))
        await redis.close()
        for server in [old, new, sentinel] { try await server.stop() }
    }

    @Test("When no sentinel knows, the reason says what the last one said")
    func unknown() async throws {
        let sentinel = try await ScriptedServer { _, _ in .bytes("*-1\r\n") }
        let redis = try await TestConnection.open(endpoint(sentinel.address))
        await redis.wait(for: .backingOff)
        let failure = await redis.handle.run { $0.lastFailure }
        #expect(failure?.code == .unavailable)
        #expect(failure?.message.contains("'main'") == true)
        #expect(failure?.message.contains("does not know that name") == true)
        await redis.close()
        try await sentinel.stop()
    }

    @Test("A sentinel with a user is logged in to")
    func credentials() async throws {
        let redisServer = try await ScriptedServer { _, words in ScriptedServer.login(words) ?? .ok }
        let address = redisServer.address
        let sentinel = try await ScriptedServer { _, words in words.first == "AUTH" ? .ok : self.master(address) }
        let redis = try await TestConnection.open(
            RedisEndpoint(
                .sentinel(masterName: "main", sentinels: [sentinel.address]),
                sentinelCredentials: RedisCredentials(user: "su", password: "sp")))
        await redis.wait(for: .ready)
        #expect(sentinel.commands == ["1 AUTH su sp", "1 SENTINEL get-master-addr-by-name main"])
        await redis.close()
        for server in [redisServer, sentinel] { try await server.stop() }
    }

    @Test("After a real failover it serves from the new master")
    func failover() async throws {
        let ports = try (0..<3).map { _ in try FreePort.any() }
        let master = try RedisServerProcess(port: ports[0])
        let replica = try RedisServerProcess(port: ports[1], ["--replicaof", "127.0.0.1 \(ports[0])"])
        let direct = try await TestConnection.ready(master)
        while try await direct.ask("INFO", "replication").string?.contains("state=online") == false {}
        await direct.close()
        let sentinel = try RedisServerProcess(
            configuration: """
                port \(ports[2])
                bind 127.0.0.1
                sentinel monitor main 127.0.0.1 \(ports[0]) 1
                sentinel down-after-milliseconds main 300
                sentinel failover-timeout main 5000

                """, isSentinel: true)
        let watcher = try await TestConnection.open(RedisEndpoint(.tcp(.init(host: "127.0.0.1", port: ports[2]))))
        await watcher.wait(for: .ready)
        while try await watcher.ask("SENTINEL", "replicas", "main").array?.isEmpty != false {}
        let redis = try await TestConnection.open(endpoint(.init(host: "127.0.0.1", port: ports[2])))
        await redis.wait(for: .ready)
        #expect(try await redis.ask("SET", "k", "v").isOK)
        master.kill()
        await redis.wait(for: .backingOff)
        await redis.wait(for: .ready)
        #expect(try await redis.ask("SET", "k", "w").isOK)
        #expect(try await redis.ask("INFO", "server").string?.contains("tcp_port:\(ports[1])") == true)
        await redis.close()
        await watcher.close()
        for server in [sentinel, replica, master] { server.stop() }
    }
}
