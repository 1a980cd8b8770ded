import AdminModel
import FunctionModel

/// One reader that follows the log.
struct LogSubscriber: Sendable {
    /// Nil follows every function.
    let function: FunctionName?
    let filter: LogFilter
    let continuation: AsyncStream<LogRecord>.Continuation
    /// Records that did not fit since the last mark.
    private var dropped = 0

    init(
        function: FunctionName?, filter: LogFilter = LogFilter(), continuation: AsyncStream<LogRecord>.Continuation
    ) {
        self.function = function
        self.filter = filter
        self.continuation = continuation
    }

    /// Hands a record over. When the reader is too slow it is left out, and a mark says so before the next one.
    mutating func offer(_ record: LogRecord) {
        if dropped > 0 {
            var mark = LogRecord(
                kind: .dropped, atMilliseconds: record.atMilliseconds, function: function?.rawValue ?? "")
            mark.dropped = dropped
            mark.message = "this reader is too slow"
            guard case .enqueued = continuation.yield(mark) else { return dropped += 1 }
            dropped = 0
        }
        if case .dropped = continuation.yield(record) { dropped += 1 }
    }
}
