import Testing

@testable import RedisServer

@Suite struct RedisConfigurationTests {
    @Test(
        "An event cannot be lost by the settings",
        arguments: [
            "port 0", "unixsocketperm 600", "appendonly yes", "appendfsync always", "no-appendfsync-on-rewrite no",
            "maxmemory 0", "maxmemory-policy noeviction", "save \"\"", "slowlog-log-slower-than -1",
            "aof-load-truncated no", "daemonize no", "logfile \"\"",
        ])
    func settings(_ line: String) throws {
        let text = RedisServerConfiguration(paths: try RedisPaths(state: "/srv/glo")).text
        #expect(text.split(separator: "\n").contains(Substring(line)))
    }

    @Test("The limit of memory and the time of flushing are the caller's")
    func parameters() throws {
        let text = RedisServerConfiguration(
            paths: try RedisPaths(state: "/srv/glo"), maxMemoryBytes: 30 << 20, flush: .everySecond
        ).text
        #expect(text.contains("\nmaxmemory 31457280\n"))
        #expect(text.contains("\nappendfsync everysec\n"))
    }

    @Test("No setting is given twice")
    func unique() throws {
        let lines = RedisServerConfiguration(paths: try RedisPaths(state: "/srv/glo")).text.split(separator: "\n")
        let names = lines.compactMap { $0.split(separator: " ").first }
        #expect(Set(names).count == names.count)
    }

    @Test("A path keeps its blanks, quotes and other letters")
    func quoting() {
        #expect(RedisServerConfiguration.quoted(#"/a b/"c"\é"#) == #""/a b/\"c\"\\\xc3\xa9""#)
    }

    @Test("A path that does not fit into a socket's address is refused with the number of bytes")
    func longPath() throws {
        let tail = "/redis/redis.sock".utf8.count
        let longest = "/" + String(repeating: "a", count: RedisPaths.longestSocketPath - tail - 1)
        #expect(try RedisPaths(state: longest).socket.utf8.count == 107)
        let error = #expect(throws: RedisProcessError.self) { try RedisPaths(state: longest + "bcd") }
        #expect(error?.code == .pathTooLong)
        #expect(error?.hint.contains("3 bytes shorter") == true)
    }
}
