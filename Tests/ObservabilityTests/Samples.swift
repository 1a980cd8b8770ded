import AdminModel
import FunctionModel
import Logging
import Observability

/// Values that the tests share.
enum Samples {
    static func name(_ text: String) -> FunctionName {
        guard let name = FunctionName(text) else { preconditionFailure("\(text) is no name") }
        return name
    }

    static let hello = name("hello")
    static let id = InvocationID(high: 0x1b4e_28ba_2fa1_41d2, low: 0x883f_0016_d3cc_a427)
    /// 2026-11-22T07:16:59.123Z
    static let moment: Int64 = 1_795_331_819_123

    static func line(_ text: String, of function: FunctionName = hello) -> FunctionLogLine {
        FunctionLogLine(
            function: function, version: 3, worker: "w1", stream: .stdout, bytes: Array(text.utf8),
            atMilliseconds: moment)
    }

    static func ended(
        _ outcome: InvocationOutcome = .succeeded, isCold: Bool = false, peak: Int? = 13_002_342, attempt: Int = 1
    ) -> InvocationRecord {
        InvocationRecord(
            id: id, function: hello, version: 3, worker: "w1", attempt: attempt, isCold: isCold,
            event: .ended(
                queueNanoseconds: 312_400, durationNanoseconds: 4_812_345, peakMemoryBytes: peak, outcome: outcome),
            atMilliseconds: moment)
    }

    static func started(isCold: Bool = false, queueNanoseconds: Int64 = 0) -> InvocationRecord {
        InvocationRecord(
            id: id, function: hello, version: 3, worker: "w1", isCold: isCold,
            event: .started(queueNanoseconds: queueNanoseconds), atMilliseconds: moment)
    }

    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A store with a manual clock and Unix time standing still.
    static func store(
        _ directory: String?, limits: LogLimits = LogLimits(), clock: TestClock = TestClock()
    ) throws -> FunctionLogStore {
        try FunctionLogStore(
            directory: directory, limits: limits, logger: quiet, monotonic: { clock.now },
            unixMilliseconds: { moment })
    }
}
