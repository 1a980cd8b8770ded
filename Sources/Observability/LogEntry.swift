import AdminModel
import FunctionModel

/// One record of a function's log as it is kept in memory.
enum LogEntry: Sendable {
    case line(FunctionLogLine)
    case invocation(InvocationRecord)
    case dropped(FunctionName, count: Int, atMilliseconds: Int64)

    /// About what the entry costs in memory and in the file, in bytes.
    var cost: Int {
        switch self {
        case .line(let line): line.bytes.count + 64
        case .invocation: 110
        case .dropped: 96
        }
    }

    /// Unix time.
    var atMilliseconds: Int64 {
        switch self {
        case .line(let line): line.atMilliseconds
        case .invocation(let record): record.atMilliseconds
        case .dropped(_, _, let atMilliseconds): atMilliseconds
        }
    }

    /// What it belongs to, where that is known.
    var invocation: InvocationID? {
        switch self {
        case .line(let line): line.invocation
        case .invocation(let record): record.id
        case .dropped: nil
        }
    }

    /// The public form.
    var record: LogRecord {
        switch self {
        case .line(let line):
            var record = LogRecord(kind: .line, atMilliseconds: line.atMilliseconds, function: line.function.rawValue)
            record.version = line.version
            record.worker = line.worker
            record.invocation = line.invocation?.description
            record.stream = line.stream
            record.message = String(decoding: line.bytes, as: UTF8.self)
            return record
        case .invocation(let invocation):
            return invocation.record
        case .dropped(let function, let count, let atMilliseconds):
            var record = LogRecord(kind: .dropped, atMilliseconds: atMilliseconds, function: function.rawValue)
            record.dropped = count
            record.message = "the function logged faster than its limit"
            return record
        }
    }
}
