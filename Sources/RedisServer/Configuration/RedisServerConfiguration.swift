import TextForms

/// The text of redis.conf.
///
/// An accepted event must be on the disk before its 202, so every write is flushed (`appendfsync always`), and nothing
/// may be evicted.
package struct RedisServerConfiguration: Sendable, Hashable {
    /// When a write reaches the disk.
    package enum Flush: String, Sendable, Hashable, CaseIterable {
        /// Before it is answered.
        case always
        /// Within a second. A power cut loses what was accepted in it: for measurements only.
        case everySecond = "everysec"
    }

    package let paths: RedisPaths
    /// Bytes of data at which new work is refused; nil: no limit.
    package let maxMemoryBytes: Int?
    package let flush: Flush
    /// Between `glo:{` and `}` in the keys of the events, for the seal's counts.
    package let namespace: String

    package init(
        paths: RedisPaths, maxMemoryBytes: Int? = nil, flush: Flush = .always, namespace: String = "default"
    ) {
        self.namespace = namespace
        self.paths = paths
        self.maxMemoryBytes = maxMemoryBytes
        self.flush = flush
    }

    package var text: String {
        let lines = ["# Written by Glo at each start; changes are lost."] + places + durability + limits + operation
        return lines.joined(separator: "\n") + "\n"
    }

    private var places: [String] {
        [
            "port 0",
            "unixsocket \(Self.quoted(paths.socket))",
            "unixsocketperm 600",
            "dir \(Self.quoted(paths.directory))",
            "aclfile \(Self.quoted(paths.users))",
        ]
    }

    private var durability: [String] {
        [
            "appendonly yes",
            "appendfilename \"appendonly.aof\"",
            "appenddirname \"appendonlydir\"",
            "appendfsync \(flush.rawValue)",
            "no-appendfsync-on-rewrite no",
            "aof-use-rdb-preamble yes",
            // A kill or a power cut leaves half a command at the end, whose event nobody was told of: it is cut off
            // before Redis starts. More than that is for the operator to see, and not for Redis to drop.
            "aof-load-truncated no",
            "auto-aof-rewrite-percentage 100",
            "auto-aof-rewrite-min-size 64mb",
            "save \"\"",
        ]
    }

    private var limits: [String] {
        [
            "maxmemory \(maxMemoryBytes ?? 0)",
            "maxmemory-policy noeviction",
            "lua-time-limit 5000",
            // An event with short values takes a quarter of the memory, waiting or ended.
            "hash-max-listpack-value 256",
        ]
    }

    private var operation: [String] {
        [
            "daemonize no",
            "supervised no",
            "logfile \"\"",
            "loglevel notice",
            "always-show-logo no",
            // It keeps the arguments of commands, and with them payloads that were to be erased.
            "slowlog-log-slower-than -1",
            "hz 10",
            "io-threads 1",
            "oom-score-adj no",
            "disable-thp yes",
            // The memory test after a crash takes seconds for each GB before the next start can begin.
            "crash-memcheck-enabled no",
        ]
    }

    /// A word of redis.conf in double quotes, with its escapes.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                result += "\\" + String(UnicodeScalar(byte))
            case 0x20...0x7E:
                result.unicodeScalars.append(UnicodeScalar(byte))
            default:
                result += "\\x" + Hexadecimal.text(word: byte)
            }
        }
        return result + "\""
    }
}
