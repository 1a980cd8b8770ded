/// How a redis-server ended, and what it printed last.
struct RedisEnd: Hashable, Sendable {
    enum How: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// It was not this process's child, so nobody says.
        case unknown
    }

    let how: How
    /// The last messages, oldest first.
    let lastMessages: [String]

    /// The reason as far as it shows, with what to do.
    func error(paths: RedisPaths) -> RedisProcessError {
        let text = lastMessages.joined(separator: "\n")
        let cause = lastMessages.suffix(3).joined(separator: "; ")
        func error(_ code: RedisProcessError.Code, _ message: String, _ hint: String) -> RedisProcessError {
            RedisProcessError(code, message, hint: hint, cause: cause.isEmpty ? nil : cause)
        }
        // A write that still found some room is only called short.
        let fullDisk = ["No space left on device", "Disk quota exceeded", "Short write while writing to the AOF"]
        if fullDisk.contains(where: text.contains) {
            return error(
                .diskFull, "Redis ended because the disk that holds \(paths.directory) is full.",
                "Free some space there; Redis comes back by itself. No accepted event is lost.")
        }
        if text.contains("Bad file format reading the append only file") || text.contains("RDB CRC error")
            || text.contains("Internal error in RDB") || text.contains("AOF manifest file")
        {
            return error(
                .dataDamaged, "Redis cannot read its data in \(paths.directory)/appendonlydir.",
                "Copy that directory, then run: redis-check-aof --fix \(paths.appendOnlyManifest)  "
                    + "What stands behind the damage will be lost.")
        }
        if text.contains("FATAL CONFIG FILE ERROR") || text.contains("ACL errors") || text.contains("ACL file") {
            return error(
                .settingsRefused, "Redis does not accept \(paths.configuration) or \(paths.users).",
                "Glo wrote both for the version that `redis-server --version` names: report it.")
        }
        return error(.ended, "Redis \(words).", hint)
    }

    private var words: String {
        switch how {
        case .exited(let code): "ended with exit code \(code)"
        case .signalled(let number): "was ended by signal \(number)"
        case .unknown: "ended"
        }
    }

    private var hint: String {
        switch how {
        // SIGKILL
        case .signalled(9): "When nobody did that, the system was out of memory: see `journalctl -k`, set maxmemory."
        case .exited, .signalled: "It is started again."
        case .unknown: "Its last words are not known, as an earlier controller had started it. It is started again."
        }
    }
}
