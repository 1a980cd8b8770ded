/// A line that redis-server printed: `11427:M 26 Nov 2026 01:41:48.767 * Running mode=standalone, port=0.`
struct RedisLogLine: Hashable, Sendable {
    enum Level: Hashable, Sendable {
        case debug, notice, warning
    }

    let level: Level
    /// Without process id, role and time, which the log has itself.
    let message: String

    init(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: true)
        guard words.count == 7, words[0].contains(":"), words[4].contains(":"), words[5].utf8.count == 1 else {
            // Only crashes and refused settings are printed without a head.
            level = .warning
            message = line
            return
        }
        message = String(words[6])
        level =
            switch words[5] {
            case "#": Self.isRoutine(message) ? .notice : .warning
            case "*": .notice
            default: .debug
            }
    }

    /// Redis prints these at its highest level at each start and end, although nothing is wrong.
    private static func isRoutine(_ message: String) -> Bool {
        let beginnings = [
            "oO0OoO0", "Redis version=", "Valkey version=", "Configuration loaded", "Server initialized",
            "User requested shutdown", "Redis is now ready to exit", "Valkey is now ready to exit",
        ]
        return beginnings.contains { message.hasPrefix($0) }
    }
}
