import Logging
import Synchronization

/// Keeps what was logged.
final class LogBook: Sendable {
    private let entries = Mutex<[String]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(book: self) } }

    /// The levels and messages, one a line.
    var lines: [String] { entries.withLock(\.self) }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let reason = event.metadata?["reason"].map { ": \($0)" } ?? ""
            book.entries.withLock { $0.append("\(event.level) \(event.message)\(reason)") }
        }
    }
}
