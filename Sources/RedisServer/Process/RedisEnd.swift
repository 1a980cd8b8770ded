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

    /// What Redis says when it cannot read its files (7.0 to 8).
    private static let signsOfDamage = [
        "Bad file format reading the append only file", "Unexpected end of file reading the append only file",
        "Error reading the RDB preamble", "RDB CRC error", "Internal error in RDB",
        "AOF manifest file", "AOF loading aborted", "reading the append only file", "Wrong signature trying to load",
        "Fatal error loading the DB", "Terminating server after rdb file reading failure",
    ]

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
        if Self.signsOfDamage.contains(where: text.contains) {
            return error(
                .dataDamaged, "The stored events are damaged: Redis cannot read \(paths.appendOnlyDirectory).",
                "Restore that directory from a copy, or run: glo repair events --state \(paths.state)")
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
