import AdminModel
import LinuxSystem
package import Logging
import TextForms

/// The backend of swift-log: one line a record, JSON or readable.
package struct GloLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let label: String
    private let format: LogFormat
    private let sink: LogSink
    /// Whether readable lines begin with `<N>`, which systemd's journal takes for their priority.
    private let hasPriorities: Bool
    private let unixMilliseconds: @Sendable () -> Int64

    /// - Parameters:
    ///   - hasPriorities: whether readable lines are for systemd's journal, which has a time of its own.
    ///   - unixMilliseconds: the clock of the records.
    package init(
        label: String, level: Logger.Level, format: LogFormat, sink: LogSink, hasPriorities: Bool = false,
        unixMilliseconds: @escaping @Sendable () -> Int64 = { SystemClock.unixMilliseconds() }
    ) {
        self.label = label
        logLevel = level
        self.format = format
        self.sink = sink
        self.hasPriorities = hasPriorities
        self.unixMilliseconds = unixMilliseconds
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { $1 } }
        if let own = event.metadata { merged.merge(own) { $1 } }
        if let error = event.error { merged["error"] = .string("\(error)") }
        let time = Timestamp.rfc3339(milliseconds: unixMilliseconds())
        var writer = LogRecordWriter()
        switch format {
        case .json:
            writer.writeJSON(
                time: time, level: event.level, label: label, message: event.message.description, metadata: merged)
        case .text:
            let message = event.message.description
            if hasPriorities {
                writer.writeJournal(level: event.level, message: message, metadata: merged)
            } else {
                writer.writeText(time: time, level: event.level, message: message, metadata: merged)
            }
        }
        sink.write(line: writer.bytes)
    }
}
