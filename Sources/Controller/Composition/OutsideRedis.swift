import Logging
import RedisClient
import RedisServer

/// The setup of connections to a Redis that is not the controller's own: it is asked whether it would lose events.
enum OutsideRedis {
    /// - Parameter next: what follows when it is accepted.
    static func check(
        allowsUnsafe: Bool, logger: Logger, then next: @escaping @Sendable () -> RedisSetupStep
    ) -> RedisSetupStep {
        inspect { verdict in
            guard let verdict else { return next() }
            guard verdict.accepts(unsafe: allowsUnsafe) else {
                return .refuse(RedisError(.refused, verdict.description))
            }
            if !verdict.refusals.isEmpty || !verdict.warnings.isEmpty {
                logger.warning("Redis may lose events", metadata: ["reason": "\(verdict)"])
            }
            return next()
        }
    }

    /// Asks for everything that the verdict needs, and goes on with it; nil when the server did not answer all of it.
    static func inspect(then next: @escaping @Sendable (OutsideRedisVerdict?) -> RedisSetupStep) -> RedisSetupStep {
        let commands = [
            RedisCommand("INFO", "server"), RedisCommand("INFO", "persistence"), RedisCommand("INFO", "memory"),
            RedisCommand("INFO", "replication"),
            RedisCommand("CONFIG", "GET", "maxmemory-policy", "appendonly", "appendfsync", "save", "maxmemory"),
        ]
        return .run(commands) { replies in
            next(replies.count == commands.count ? OutsideRedisCheck.verdict(on: facts(replies)) : nil)
        }
    }

    private static func facts(_ replies: [RedisValue]) -> OutsideRedisFacts {
        OutsideRedisFacts(
            server: text(replies[0]), persistence: text(replies[1]), memory: text(replies[2]),
            replication: text(replies[3]), settings: settings(replies[4]))
    }

    private static func text(_ reply: RedisValue) -> OutsideRedisFacts.Answer<String> {
        if let error = reply.serverError { return .refused(error.message) }
        return .value(reply.string ?? "")
    }

    private static func settings(_ reply: RedisValue) -> OutsideRedisFacts.Answer<[String: String]> {
        if let error = reply.serverError { return .refused(error.message) }
        let words = (reply.array ?? []).compactMap(\.string)
        var settings: [String: String] = [:]
        for index in stride(from: 0, to: words.count - 1, by: 2) { settings[words[index]] = words[index + 1] }
        return .value(settings)
    }
}
