package import AdminModel
package import FunctionModel

/// Which records of a log somebody wants to see.
package struct LogFilter: Sendable {
    /// Unix milliseconds; older ones are left out.
    package var sinceMilliseconds: Int64?
    /// Only what belongs to this invocation.
    package var invocation: InvocationID?
    /// What is less serious is left out.
    package var level: LogLevel?
    /// A text that the readable line has to contain.
    package var text: String?

    package init() {}

    /// Whether everything passes.
    var isEmpty: Bool { sinceMilliseconds == nil && invocation == nil && level == nil && text == nil }

    func admits(_ entry: LogEntry) -> Bool {
        if let sinceMilliseconds, entry.atMilliseconds < sinceMilliseconds { return false }
        if let invocation, entry.invocation != invocation { return false }
        guard level != nil || text != nil else { return true }
        let record = entry.record
        if let level, LogLevel(of: record) < level { return false }
        if let text, !record.text().contains(text) { return false }
        return true
    }
}
