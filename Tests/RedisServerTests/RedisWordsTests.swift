import Testing

@testable import RedisServer

@Suite struct RedisWordsTests {
    @Test(
        "A line of the log has its level and its message",
        arguments: [
            ("11:M 26 Nov 2026 01:41:48.767 * Running mode=standalone", .notice, "Running mode=standalone"),
            ("11:M 26 Nov 2026 01:41:48.767 # Server initialized", .notice, "Server initialized"),
            ("11:C 26 Nov 2026 01:41:48.766 # WARNING Memory overcommit", .warning, "WARNING Memory overcommit"),
            ("11:M 26 Nov 2026 01:41:48.767 - 1 clients connected", .debug, "1 clients connected"),
            (
                "*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***", .warning,
                "*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***"
            ),
        ] as [(String, RedisLogLine.Level, String)])
    func line(_ text: String, _ level: RedisLogLine.Level, _ message: String) {
        let line = RedisLogLine(text)
        #expect(line.level == level)
        #expect(line.message == message)
    }

    @Test(
        "What a server printed last says why it ended and what to do",
        arguments: [
            ("Error writing to the AOF file: No space left on device", .diskFull, "Free some space"),
            (
                "Bad file format reading the append only file x.aof: make a backup", .dataDamaged,
                "glo repair events --state /srv/glo"
            ),
            ("*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***", .settingsRefused, "report it"),
            ("bye", .ended, "started again"),
        ] as [(String, RedisProcessError.Code, String)])
    func end(_ message: String, _ code: RedisProcessError.Code, _ hint: String) throws {
        let end = RedisEnd(how: .exited(1), lastMessages: ["Loading", message])
        let error = end.error(paths: try RedisPaths(state: "/srv/glo"))
        #expect(error.code == code)
        #expect(error.hint.contains(hint))
        #expect(error.cause?.contains(message) == true)
    }

    @Test("A killed server points at the memory of the system")
    func killed() throws {
        let error = RedisEnd(how: .signalled(9), lastMessages: []).error(paths: try RedisPaths(state: "/srv/glo"))
        #expect("\(error)".contains("signal 9"))
        #expect(error.hint.contains("out of memory"))
    }

    @Test("The progress of loading is read from INFO")
    func loading() throws {
        let text = "# Persistence\r\nloading:1\r\nloading_loaded_bytes:5242880\r\nloading_total_bytes:10485760\r\n"
        let loading = try #require(RedisLoading(RedisInfo(text + "loading_loaded_perc:50.00\r\n")))
        #expect(loading == RedisLoading(loadedBytes: 5 << 20, totalBytes: 10 << 20, percent: 50))
        #expect("\(loading)" == "50 % of 10 MiB")
        #expect(RedisLoading(RedisInfo("loading:0\r\n")) == nil)
    }

    @Test(
        "A redis-server without Functions, or that is none, is refused",
        arguments: ["Redis server v=6.2.7 sha=0", "sh: x"])
    func executable(_ output: String) {
        let error = #expect(throws: RedisProcessError.self) {
            try RedisExecutable(path: "/usr/bin/redis-server", versionOutput: output)
        }
        #expect(error?.code == .notSupported)
    }
}
