import Testing

@testable import RedisServer

@Suite(.timeLimit(.minutes(1))) struct RedisPermissionTests {
    let directory = TemporaryDirectory()

    static let denied: [[String]] = [
        ["FLUSHALL"], ["FLUSHDB"], ["KEYS", "*"], ["CONFIG", "SET", "appendonly", "no"], ["CONFIG", "REWRITE"],
        ["SHUTDOWN", "NOSAVE"], ["EVAL", "return 1", "0"], ["ACL", "LIST"],
        ["REPLICAOF", "NO", "ONE"], ["MONITOR"], ["FUNCTION", "FLUSH"], ["SAVE"], ["SET", "other", "1"],
        ["GET", "other"], ["PUBLISH", "other", "1"], ["CLIENT", "KILL", "ID", "1"],
    ]

    @Test("The controller's user may do nothing that it does not need")
    func deniedCommands() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            let access = try await redis.ready()
            for words in Self.denied {
                let connection = try access.connect()
                guard case .error(let text)? = connection.ask(words) else {
                    Issue.record("\(words) was done")
                    continue
                }
                #expect(text.hasPrefix("NOPERM"), "\(words): \(text)")
            }
        }
    }

    @Test("Who does not log in may do nothing")
    func defaultUser() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            let access = try await redis.ready()
            for words in [["PING"], ["INFO"], ["GET", "glo:{t}:a"], ["FCALL", "f", "0"]] {
                let connection = try RedisQuestions(access.socket)
                guard case .error(let text)? = connection.ask(words) else {
                    Issue.record("\(words) was done")
                    continue
                }
                #expect(text.hasPrefix("NOAUTH"), "\(words): \(text)")
            }
            let connection = try RedisQuestions(access.socket)
            #expect(connection.ask("AUTH", "default", "") != .text("OK"))
        }
    }

    @Test("The controller's user loads a function and calls it, with the commands inside")
    func functions() async throws {
        let library = """
            #!lua name=t
            redis.register_function('t_put', function(keys, args)
              redis.call('HSET', keys[1], 'a', redis.call('TIME')[1])
              redis.call('PEXPIRE', keys[1], 10000)
              redis.call('ZADD', keys[1] .. ':z', 1, 'm')
              redis.call('PUBLISH', 'glo:{t}:wake', 'x')
              return redis.call('ZCARD', keys[1] .. ':z')
            end)
            """
        try await RedisUnderTest.run(directory.path) { redis in
            let connection = try await redis.ready().connect()
            #expect(connection.ask("FUNCTION", "LOAD", library) == .text("t"))
            #expect(connection.ask("FCALL", "t_put", "1", "glo:{t}:k") == .text("1"))
        }
    }
}
