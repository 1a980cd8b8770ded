import Glibc
import Testing

@testable import RedisServer

@Suite(.timeLimit(.minutes(1))) struct RedisServerProcessTests {
    let directory = TemporaryDirectory()

    @Test("A server starts, answers, and keeps what was written when it is stopped and started")
    func keepsData() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            let connection = try await redis.ready().connect()
            #expect(connection.ask("SET", "glo:{t}:a", "1") == .text("OK"))
        }
        try await RedisUnderTest.run(directory.path) { redis in
            let connection = try await redis.ready().connect()
            #expect(connection.ask("GET", "glo:{t}:a") == .text("1"))
        }
    }

    @Test("A stop leaves neither the process nor its socket")
    func stops() async throws {
        var process: Int32 = 0
        var socket = ""
        try await RedisUnderTest.run(directory.path) { redis in
            socket = try await redis.ready().socket
            process = try await redis.processID()
        }
        #expect(kill(process, 0) != 0 && errno == ESRCH)
        #expect(access(socket, F_OK) != 0)
    }

    @Test("A stop before it answers ends it too")
    func stopsEarly() async throws {
        try await RedisUnderTest.run(directory.path) { _ in }
        #expect(DataLock(path: "\(directory.path)/redis/lock").holders().isEmpty)
    }

    @Test("A killed server is started again with what was written")
    func restarts() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            var connection = try await redis.ready().connect()
            #expect(connection.ask("SET", "glo:{t}:a", "1") == .text("OK"))
            let process = try await redis.processID()
            kill(process, SIGKILL)
            let error = try await redis.down()
            #expect(error.code == .ended)
            #expect("\(error)".contains("signal 9"))
            connection = try await redis.ready().connect()
            #expect(connection.ask("GET", "glo:{t}:a") == .text("1"))
            #expect(try await redis.processID() != process)
            let counts = await redis.server.counts
            #expect(counts == RedisServerCounts(starts: 2, adoptions: 0, unexpectedEnds: 1))
        }
    }

    @Test("A server that is killed again and again loses nothing that it answered for")
    func manyKills() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            for round in 0..<5 {
                let connection = try await redis.ready().connect()
                for earlier in 0..<round {
                    #expect(connection.ask("GET", "glo:{t}:\(earlier)") == .text("\(earlier)"))
                }
                #expect(connection.ask("SET", "glo:{t}:\(round)", "\(round)") == .text("OK"))
                kill(try await redis.processID(), SIGKILL)
            }
            _ = try await redis.ready()
        }
    }

    @Test("Only this user reaches the socket and reads the files")
    func modes() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            _ = try await redis.ready()
            let paths = redis.paths
            for (path, mode) in [
                (paths.socket, 0o600), (paths.users, 0o600), (paths.configuration, 0o600), (paths.directory, 0o700),
            ] as [(String, mode_t)] {
                var status = stat()
                #expect(stat(path, &status) == 0)
                #expect(status.st_mode & 0o777 == mode, "\(path)")
            }
        }
    }

    @Test("The server is in a session and a process group of its own, out of reach of a terminal")
    func group() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            _ = try await redis.ready()
            let process = try await redis.processID()
            #expect(getpgid(process) == process)
            #expect(getsid(process) == process)
        }
    }

    @Test("Half a command at the end of the file is cut off, and the server starts")
    func truncatedTail() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            let connection = try await redis.ready().connect()
            #expect(connection.ask("SET", "glo:{t}:a", "1") == .text("OK"))
        }
        let file = open("\(directory.path)/redis/appendonlydir/appendonly.aof.1.incr.aof", O_WRONLY | O_APPEND)
        let half = "*3\r\n$3\r\nSET\r\n$9\r\nglo:{t}:b"
        #expect(write(file, half, half.utf8.count) == half.utf8.count)
        close(file)
        try await RedisUnderTest.run(directory.path) { redis in
            let connection = try await redis.ready().connect()
            #expect(connection.ask("GET", "glo:{t}:a") == .text("1"))
            #expect(connection.ask("EXISTS", "glo:{t}:b") == .text("0"))
        }
    }

    @Test("A damaged file is named, with the program that mends it")
    func damagedFile() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            let connection = try await redis.ready().connect()
            #expect(connection.ask("SET", "glo:{t}:a", "1") == .text("OK"))
        }
        let file = open("\(directory.path)/redis/appendonlydir/appendonly.aof.1.incr.aof", O_WRONLY)
        #expect(write(file, "rubbish\r\n", 9) == 9)
        close(file)
        try await RedisUnderTest.run(directory.path) { redis in
            let error = try await redis.down()
            #expect(error.code == .dataDamaged)
            #expect(error.hint.contains("glo repair events --state \(redis.paths.state)"))
        }
    }

    @Test("A full disk is told, nothing that was answered for is lost, and room brings the server back")
    func fullDisk() async throws {
        try #require(SmallDisk.isPossible, "this test mounts a tmpfs, which only root may")
        let disk = try #require(SmallDisk(at: directory.path))
        #expect(disk.fill("ballast", bytes: 4 << 20))
        try await RedisUnderTest.run(directory.path) { redis in
            let value = String(repeating: "x", count: 64 << 10)
            var connection = try await redis.ready().connect()
            var written = 0
            while connection.ask("SET", "glo:{t}:\(written)", value) == .text("OK") { written += 1 }
            #expect(written > 10)
            let error = try await redis.down()
            #expect(error.code == .diskFull, "\(error)")
            disk.free("ballast")
            connection = try await redis.ready().connect()
            #expect(connection.ask("SET", "glo:{t}:last", value) == .text("OK"))
            for index in 0..<written { #expect(connection.ask("GET", "glo:{t}:\(index)") == .text(value)) }
        }
    }
}
