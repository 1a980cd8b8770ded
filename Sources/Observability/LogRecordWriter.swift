import AdminModel
import Logging

/// One record of the controller's log as bytes.
struct LogRecordWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(256) }

    /// `{"time":…,"level":…,"label":…,"message":…,` and the metadata as further members `}`.
    mutating func writeJSON(
        time: String, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata
    ) {
        bytes.append(UInt8(ascii: "{"))
        member("time", .string(time), isFirst: true)
        member("level", .string(level.rawValue))
        member("label", .string(label))
        member("message", .string(message))
        for key in LogMetadataKey.sorted(metadata.keys) {
            guard let value = metadata[key] else { continue }
            member(Self.reserved.contains(key) ? key + "_" : key, value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// `time LEVEL message key=value …`
    mutating func writeText(time: String, level: Logger.Level, message: String, metadata: Logger.Metadata) {
        bytes += "\(time) \(Self.name(level)) ".utf8
        writeReadable(message, metadata)
    }

    /// `<N>message key=value …`, sd-daemon(3).
    mutating func writeJournal(level: Logger.Level, message: String, metadata: Logger.Metadata) {
        bytes += "<\(Self.priority(level))>".utf8
        writeReadable(message, metadata)
    }

    private mutating func writeReadable(_ message: String, _ metadata: Logger.Metadata) {
        bytes += TerminalText.escaped(message).utf8
        for key in LogMetadataKey.sorted(metadata.keys) {
            guard let value = metadata[key] else { continue }
            bytes += " \(key)=".utf8
            let text = TerminalText.escapedBeyondASCII(Self.plain(value))
            if text.isEmpty || text.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "\"") || $0 == 0x7F }) {
                JSONText.append(text, to: &bytes)
            } else {
                bytes += text.utf8
            }
        }
    }

    private static let reserved: Set<String> = ["time", "level", "label", "message"]

    private mutating func member(_ key: String, _ value: Logger.MetadataValue, isFirst: Bool = false) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        JSONText.append(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(value)
    }

    private mutating func append(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text):
            JSONText.append(text, to: &bytes)
        case .stringConvertible(let value):
            if let number = value as? any BinaryInteger {
                bytes += number.description.utf8
            } else if let flag = value as? Bool {
                bytes += flag.description.utf8
            } else {
                JSONText.append(value.description, to: &bytes)
            }
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(value)
            }
            bytes.append(UInt8(ascii: "]"))
        case .dictionary(let values):
            bytes.append(UInt8(ascii: "{"))
            for (index, key) in values.keys.sorted().enumerated() {
                if let value = values[key] { member(key, value, isFirst: index == 0) }
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func plain(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): text
        case .stringConvertible(let value): value.description
        case .array, .dictionary: value.description
        }
    }

    /// The numbers of syslog(3).
    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private static func name(_ level: Logger.Level) -> String {
        switch level {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info: "INFO "
        case .notice: "NOTE "
        case .warning: "WARN "
        case .error: "ERROR"
        case .critical: "FATAL"
        }
    }
}
