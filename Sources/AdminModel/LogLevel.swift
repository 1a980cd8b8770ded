/// How serious a record of a function's log is.
package enum LogLevel: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
    case debug
    case info
    case warn
    case error

    package static func < (one: Self, other: Self) -> Bool { one.order < other.order }

    private var order: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warn: 2
        case .error: 3
        }
    }

    /// Reads the words that logging libraries use, in small or large letters; nil when it is none of them.
    package init?(word: some StringProtocol) {
        switch word.lowercased() {
        case "trace", "debug", "verbose", "fine": self = .debug
        case "info", "information", "notice": self = .info
        case "warn", "warning": self = .warn
        case "error", "err", "fatal", "critical", "crit", "panic", "alert", "emerg", "emergency", "severe":
            self = .error
        default: return nil
        }
    }
}
