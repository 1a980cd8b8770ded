import RedisClient
import Synchronization
import TestSupport
import Testing

/// A master that hangs goes on to acknowledge what it is sent: its kernel does that.
@Suite("A master that no longer answers", .timeLimit(.minutes(1)))
struct SilentMasterTests {
    private func words(_ address: RedisAddress) -> ScriptedServer.Answer {
        let port = "\(address.port)"
        return .bytes("*2\r\n$\(address.host.utf8.count)\r\n\(address.host)\r\n$\(port.utf8.count)\r\n\(port)\r\n")
    }

    @Test(
        "It is left as soon as Sentinel names another one, in the middle of its work or of a login",
        arguments: [false, true])
    func moves(hangsAtLogin: Bool) async throws {
        let isSilent = Mutex(hangsAtLogin)
        let old = try await ScriptedServer { _, words in
            isSilent.withLock(\.self) ? .nothing : ScriptedServer.login(words) ?? .ok
        }
        let new = try await ScriptedServer { _, words in ScriptedServer.login(words) ?? .ok }
        let (oldAddress, newAddress) = (old.address, new.address)
        let hasSwitched = Mutex(false)
        let sentinel = try await ScriptedServer { _, _ in
            self.words(hasSwitched.withLock(\.self) ? newAddress : oldAddress)
        }
        let endpoint = RedisEndpoint(.sentinel(masterName: "main", sentinels: [sentinel.address]))
        let redis = try await TestConnection.open(endpoint)
        await redis.wait(for: hangsAtLogin ? .settingUp : .ready)
        isSilent.withLock { $0 = true }
        async let first = hangsAtLogin ? nil : redis.failure("GET", timeout: 30_000)
        // Until Sentinel has decided nothing is given up, however long that takes.
        try await eventually("the sentinel is asked again") { sentinel.commands.count >= 3 }
        #expect(new.commands.isEmpty)
        let clock = ContinuousClock()
        let time = await clock.measure {
            hasSwitched.withLock { $0 = true }
            await redis.wait(for: .ready)
        }
        #expect(time < .seconds(2), "\(time)")
        #expect(await first == (hangsAtLogin ? nil : .connectionLost))
        #expect(await redis.failure("GET") == nil)
        await redis.close()
        for server in [old, new, sentinel] { try await server.stop() }
    }

    @Test("A connection without work asks for a sign of life, and is made anew when none comes in time")
    func idle() async throws {
        let isSilent = Mutex(false)
        let server = try await ScriptedServer { connection, words in
            connection == 1 && isSilent.withLock(\.self) ? .nothing : ScriptedServer.login(words) ?? .ok
        }
        var settings = RedisConnectionSettings()
        settings.lookMilliseconds = 20
        settings.stuckAfterMilliseconds = 200
        let redis = try await TestConnection.open(RedisEndpoint(.tcp(server.address)), settings)
        await redis.wait(for: .ready)
        isSilent.withLock { $0 = true }
        await redis.wait(for: .backingOff)
        await redis.wait(for: .ready)
        #expect(server.commands.contains("1 PING"))
        await redis.close()
        try await server.stop()
    }

    @Test("A real master that is stopped is left within two seconds of the failover")
    func stopped() async throws {
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
                sentinel down-after-milliseconds main 500
                sentinel failover-timeout main 5000

                """, isSentinel: true)
        let place = RedisAddress(host: "127.0.0.1", port: ports[2])
        let watcher = try await TestConnection.open(RedisEndpoint(.tcp(place)))
        await watcher.wait(for: .ready)
        while try await watcher.ask("SENTINEL", "replicas", "main").array?.isEmpty != false {}
        let redis = try await TestConnection.open(RedisEndpoint(.sentinel(masterName: "main", sentinels: [place])))
        await redis.wait(for: .ready)
        master.pause()
        try await eventually("Sentinel names the other one", seconds: 30) {
            let named = try await watcher.ask("SENTINEL", "get-master-addr-by-name", "main").array
            return named?.last?.string == "\(ports[1])"
        }
        let clock = ContinuousClock()
        let time = try await clock.measure {
            while (try? await redis.ask("SET", "k", "w", timeout: 100).isOK) != true {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        #expect(time < .seconds(2), "\(time)")
        await redis.close()
        await watcher.close()
        master.resume()
        for server in [sentinel, replica, master] { server.stop() }
    }

    @Test("A server that its owner knows to be there is connected to at once, and its absence has the owner's reason")
    func ownersWord() async throws {
        let server = try await ScriptedServer { _, words in ScriptedServer.login(words) ?? .ok }
        let nobody = RedisEndpoint(.unixSocket(path: "/nonexistent/redis.sock"))
        let redis = try await TestConnection.open(nobody)
        await redis.wait(for: .backingOff)
        await redis.handle.run { $0.expectNone(because: RedisError(.unavailable, "It reads its file.")) }
        let reason = await redis.handle.run { $0.unavailable.message }
        #expect(reason == "It reads its file.")
        let address = server.address
        await redis.handle.run { $0.use(RedisEndpoint(.tcp(address))) }
        await redis.wait(for: .ready)
        #expect(await redis.failure("GET") == nil)
        await redis.close()
        try await server.stop()
    }
}
