import TextForms

/// The text of the ACL file: nobody but the controller's user, which may do what Glo's functions do and no more.
///
/// Redis ends at start when the file names a command that it does not know, so the file fits one version.
package struct RedisUsers: Sendable, Hashable {
    package static let user = "glo"

    package let version: RedisVersion
    /// 64 hexadecimal digits.
    package let password: String

    package init(version: RedisVersion, password: String) {
        self.version = version
        self.password = password
    }

    /// Nobody can log in as `default`, but it needs its rights: Redis reads its own append-only file as that user, and
    /// what a function wrote stands there as a transaction, whose EXEC looks at them. Without them everything that
    /// functions wrote would be skipped at the next start.
    package var text: String {
        let commands = Self.commands(of: version).map { "+\($0)" }.joined(separator: " ")
        return """
            user default off resetpass ~* &* +@all
            user \(Self.user) on resetpass >\(password) resetkeys ~glo:* resetchannels &glo:* -@all \(commands)

            """
    }

    /// The password in an earlier file; nil when it has none that this type wrote.
    package static func password(in text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix("user \(user) ") {
            for word in line.split(separator: " ") where word.hasPrefix(">") {
                let password = word.dropFirst()
                if Hexadecimal.isSmall(password, count: 64) { return String(password) }
            }
        }
        return nil
    }

    /// A new password of 256 random bits.
    package static func newPassword(using random: inout some RandomNumberGenerator) -> String {
        (0..<4).map { _ in Hexadecimal.text(word: UInt64.random(in: .min ... .max, using: &random)) }.joined()
    }

    static func commands(of version: RedisVersion) -> [String] {
        var commands = data + calls + connection + upkeep
        if version >= RedisVersion(7, 2, 0) { commands += ["waitaof", "client|setinfo"] }
        return commands
    }

    // A function's inner commands run with its caller's permissions, so the user has these as well.
    private static let data = [
        "hset", "hget", "hmget", "hgetall", "hdel", "hincrby", "hexists", "hlen", "hscan", "zadd", "zrem", "zrange",
        "zrangebyscore", "zrevrange", "zrevrangebyscore", "zcard", "zscore", "zrank", "zcount", "zpopmin", "zincrby",
        "zremrangebyscore", "zremrangebyrank", "zscan", "set", "get", "del", "unlink", "exists", "type", "incr",
        "incrby", "decr", "decrby", "expire", "pexpire", "pexpireat", "persist", "pttl", "sadd", "srem", "smembers",
        "scard",
        "sismember", "sscan", "rpush", "lpush", "lpop", "rpop", "llen", "lrange", "lindex", "lrem", "ltrim", "rename",
        "copy", "scan", "publish", "time",
    ]

    private static let calls = ["fcall", "fcall_ro", "function|load", "function|list", "function|delete"]

    private static let connection = [
        "auth", "hello", "ping", "select", "client|setname", "client|id", "client|info", "subscribe", "unsubscribe",
        "psubscribe", "punsubscribe", "wait", "role",
    ]

    private static let upkeep = [
        "info", "config|get", "memory|usage", "object", "bgrewriteaof", "lastsave", "dbsize",
    ]
}
