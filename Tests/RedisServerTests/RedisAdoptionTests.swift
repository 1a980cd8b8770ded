import Glibc
import Testing

@testable import RedisServer

@Suite(.timeLimit(.minutes(1))) struct RedisAdoptionTests {
    let directory = TemporaryDirectory()

    /// Leaves a server running, as a controller does that is killed; its process id.
    func leaveBehind() async throws -> Int32 {
        let redis = try RedisUnderTest(directory.path)
        await redis.server.start()
        let connection = try await redis.ready().connect()
        #expect(connection.ask("SET", "glo:{t}:a", "1") == .text("OK"))
        let process = try await redis.processID()
        await redis.server.abandon()
        return process
    }

    func site(_ configuration: RedisServerConfiguration? = nil) throws -> RedisSite {
        let paths = try RedisPaths(state: directory.path)
        var site = RedisSite(configuration: configuration ?? RedisServerConfiguration(paths: paths), searchPath: "")
        site.patienceMilliseconds = 100
        site.stopMilliseconds = 200
        return site
    }

    /// Ends what the site would find and reaps it.
    func expectEviction(of process: Int32, signal: Int32) throws {
        guard case .vacant = try site().look() else {
            Issue.record("a server that does not answer was kept")
            return
        }
        var status: Int32 = 0
        #expect(waitpid(process, &status, WNOHANG) == process)
        #expect(status & 0x7F == signal)
    }

    @Test("A server that a killed controller left is kept, with its password")
    func adopts() async throws {
        let process = try await leaveBehind()
        try await RedisUnderTest.run(directory.path) { redis in
            let connection = try await redis.ready().connect()
            #expect(connection.ask("GET", "glo:{t}:a") == .text("1"))
            #expect(try await redis.processID() == process)
            let counts = await redis.server.counts
            #expect(counts == RedisServerCounts(starts: 0, adoptions: 1, unexpectedEnds: 0))
        }
        #expect(kill(process, 0) != 0)
    }

    @Test("The end of a server that was kept is seen, and another is started")
    func watchesAdopted() async throws {
        let process = try await leaveBehind()
        try await RedisUnderTest.run(directory.path) { redis in
            _ = try await redis.ready()
            kill(process, SIGKILL)
            _ = try await redis.down()
            let connection = try await redis.ready().connect()
            #expect(connection.ask("GET", "glo:{t}:a") == .text("1"))
        }
    }

    @Test("A server with other settings is replaced, and its data is kept")
    func replaces() async throws {
        let process = try await leaveBehind()
        try await RedisUnderTest.run(directory.path, maxMemoryBytes: 64 << 20) { redis in
            let connection = try await redis.ready().connect()
            #expect(connection.ask("GET", "glo:{t}:a") == .text("1"))
            #expect(try await redis.processID() != process)
        }
        #expect(waitpid(process, nil, WNOHANG) == process)
    }

    @Test("A server that hangs is ended before another uses its data")
    func hanging() async throws {
        let process = try await leaveBehind()
        kill(process, SIGSTOP)
        try expectEviction(of: process, signal: SIGKILL)
    }

    @Test("A server whose socket was removed is ended before another uses its data")
    func unreachable() async throws {
        let process = try await leaveBehind()
        unlink(try RedisPaths(state: directory.path).socket)
        try expectEviction(of: process, signal: 0)
    }

    @Test("Data that nobody uses is free")
    func vacant() throws {
        guard case .vacant(let preparation) = try site().look() else {
            Issue.record("something was found")
            return
        }
        #expect(preparation.executable.version.isSupported)
        #expect(try DataLock(path: RedisPaths(state: directory.path).lock).take() == nil)
    }
}
