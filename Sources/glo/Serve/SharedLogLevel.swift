import Logging
import Synchronization

/// The log level of the whole process, which SIGHUP may change.
final class SharedLogLevel: Sendable {
    private let level: Mutex<Logger.Level>

    init(_ level: Logger.Level) { self.level = Mutex(level) }

    var value: Logger.Level {
        get { level.withLock(\.self) }
        set { level.withLock { $0 = newValue } }
    }
}

/// A log handler whose level is the shared one, unless a logger was given one of its own.
struct SharedLevelLogHandler: LogHandler {
    private var handler: any LogHandler
    private let shared: SharedLogLevel
    private var own: Logger.Level?

    init(_ handler: any LogHandler, level: SharedLogLevel) {
        self.handler = handler
        shared = level
    }

    var logLevel: Logger.Level {
        get { own ?? shared.value }
        set { own = newValue }
    }

    var metadata: Logger.Metadata {
        get { handler.metadata }
        set { handler.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { handler[metadataKey: key] }
        set { handler[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { handler.log(event: event) }
}
