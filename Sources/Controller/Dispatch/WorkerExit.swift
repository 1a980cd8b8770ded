import FunctionModel
import InitLink

/// How a worker's process ended.
struct WorkerExit: Sendable, CustomStringConvertible {
    enum Cause: Sendable, Hashable {
        case exited(code: Int32)
        case signalled(Int32)
        /// The container ended and nobody reported the process's end: it was ended from outside.
        case containerEnded
        /// Init was given up, or there was none; nobody reported the process's end.
        case vanished(String)
    }

    var cause: Cause
    /// The kernel ended a process of the container because its memory was used up.
    var outOfMemory: Bool
    var memoryLimitBytes: Int

    /// The end of a worker that was never started.
    static let calledOff = WorkerExit(
        cause: .vanished("the start was called off"), outOfMemory: false, memoryLimitBytes: 0)

    var description: String {
        if outOfMemory { return "out of memory (limit \(memoryLimitBytes >> 20) MiB)" }
        return switch cause {
        case .exited(let code): "exit status \(code)"
        case .signalled(let signal): "signal: \(Self.name(of: signal))"
        case .containerEnded: "its container ended"
        case .vanished(let why): why
        }
    }

    /// What the caller of an invocation is told that this worker was running.
    func failure(for id: InvocationID) -> InvocationFailure {
        if outOfMemory {
            let detail = "the handler used more than its memory of \(memoryLimitBytes >> 20) MiB and was ended"
            return InvocationFailure(
                .outOfMemory, detail, payload: LambdaErrors.exited(id, reason: "signal: killed"))
        }
        let reason: String? = if case .exited(0) = cause { nil } else { description }
        return InvocationFailure(
            .handlerExited, "the handler ended before it answered: \(description)",
            payload: LambdaErrors.exited(id, reason: reason))
    }

    /// What is said of a worker that never became ready.
    var initFailure: InvocationFailure {
        outOfMemory
            ? InvocationFailure(.outOfMemory, "the handler ran out of memory while it started: \(description)")
            : InvocationFailure(.handlerInitFailed, "the handler ended while it started: \(description)")
    }

    /// Go's names of signals, which Lambda's messages use.
    private static func name(of signal: Int32) -> String {
        switch signal {
        case 1: "hangup"
        case 2: "interrupt"
        case 3: "quit"
        case 4: "illegal instruction"
        case 5: "trace/breakpoint trap"
        case 6: "aborted"
        case 7: "bus error"
        case 8: "floating point exception"
        case 9: "killed"
        case 11: "segmentation fault"
        case 13: "broken pipe"
        case 14: "alarm clock"
        case 15: "terminated"
        default: "signal \(signal)"
        }
    }
}

extension WorkerExit {
    /// Reads init's report.
    init(_ report: ExitReport, limit: Int) {
        let cause: Cause =
            switch report.end {
            case .exited(let code): .exited(code: code)
            case .signalled(let signal): .signalled(signal)
            }
        self.init(cause: cause, outOfMemory: report.outOfMemory, memoryLimitBytes: limit)
    }
}
