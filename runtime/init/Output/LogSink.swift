import CLibrary
import CLinux

/// Forwards the lines of one worker, within its budget.
final class LogSink {
    let worker: UInt32
    let lineBytes: Int
    private let context: InitContext
    private var budget: LogBudget

    init(worker: UInt32, request: StartRequest, context: InitContext) {
        self.worker = worker
        self.context = context
        lineBytes = request.logLineBytes
        budget = LogBudget(bytesPerSecond: request.logBytesPerSecond, now: context.now)
    }

    func take(_ line: UnsafeRawBufferPointer, stream: Int32, run: UInt32, continues: Bool) {
        guard context.control.takesLogs, budget.admit(line.count, isMark: Self.isMark(line), now: context.now) else {
            return budget.countDropped(line.count)
        }
        context.control.sendLog(worker: worker, stream: stream, run: run, line, continues: continues)
    }

    /// A line of the loaders' own: a record separator and a few words.
    private static func isMark(_ line: UnsafeRawBufferPointer) -> Bool {
        line.count <= 64 && line.first == 0x1e
    }

    var deadline: Int64 { budget.reportDeadline }

    /// Reports a loss when it is time, or at once at the worker's end.
    func tick(atEnd: Bool = false) {
        guard atEnd || context.now >= budget.reportDeadline, let loss = budget.takeDropped(now: context.now)
        else { return }
        context.control.sendLogDropped(worker: worker, lines: loss.lines, bytes: loss.bytes)
    }
}
