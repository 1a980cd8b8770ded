/// What `glo record ID` shows: an invocation that has ended, and what its handler logged meanwhile.
package struct RecordDetail: Codable, Hashable, Sendable {
    package var record: InvocationSummary
    /// As far as they are still in memory.
    package var lines: [LogRecord]

    package init(record: InvocationSummary, lines: [LogRecord] = []) {
        self.record = record
        self.lines = lines
    }
}
