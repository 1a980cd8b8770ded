import AdminModel
import FunctionModel

/// What one round of the writer puts into the files: readable lines, function by function.
struct LogFileOutput {
    private(set) var bytes: [FunctionName: [UInt8]] = [:]

    mutating func append(_ record: LogRecord, of function: FunctionName) {
        bytes[function, default: []] += record.text(withFunction: false).utf8
        bytes[function, default: []].append(UInt8(ascii: "\n"))
    }
}
