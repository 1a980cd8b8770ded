import AdminModel
import FunctionModel

/// The forms that leave the controller.
extension InvocationRecord {
    var record: LogRecord {
        var record = LogRecord(kind: .start, atMilliseconds: atMilliseconds, function: function.rawValue)
        record.version = version
        record.worker = worker
        record.invocation = id.description
        record.attempt = attempt
        record.cold = isCold
        switch event {
        case .started(let queueNanoseconds):
            record.queueMilliseconds = Self.milliseconds(queueNanoseconds)
        case .ended(_, let durationNanoseconds, let peakMemoryBytes, let outcome):
            record.kind = .end
            record.durationMilliseconds = Self.milliseconds(durationNanoseconds)
            record.peakMemoryBytes = peakMemoryBytes
            record.outcome = outcome.text
            record.message = reason
        }
        return record
    }

    /// Nil for a start.
    var summary: InvocationSummary? {
        guard case .ended(let queueNanoseconds, let durationNanoseconds, let peakMemoryBytes, let outcome) = event
        else {
            return nil
        }
        return InvocationSummary(
            id: id.description, function: function.rawValue, version: version, endedAtMilliseconds: atMilliseconds,
            queueMilliseconds: Self.milliseconds(queueNanoseconds),
            durationMilliseconds: Self.milliseconds(durationNanoseconds), cold: isCold, attempt: attempt,
            peakMemoryBytes: peakMemoryBytes, outcome: outcome.text,
            worker: worker.isEmpty ? nil : worker)
    }

    /// Milliseconds to the microsecond.
    private static func milliseconds(_ nanoseconds: Int64) -> Double {
        (Double(nanoseconds) / 1000).rounded() / 1000
    }
}
