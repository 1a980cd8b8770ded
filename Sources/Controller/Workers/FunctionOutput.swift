import AdminModel
import FunctionModel
import InitLink
import Observability

/// Turns what one worker writes into lines of its function's log.
final class FunctionOutput: HandlerOutput {
    private let version: FunctionVersion
    private let worker: String
    private let current: CurrentInvocation
    private let log: FunctionLogStore

    init(version: FunctionVersion, worker: String, current: CurrentInvocation, log: FunctionLogStore) {
        self.current = current
        self.version = version
        self.worker = worker
        self.log = log
    }

    func write(_ line: OutputLine) {
        append(line.stream == .standardOutput ? .stdout : .stderr, Array(line.bytes))
    }

    func dropped(lines: UInt64, bytes: UInt64) {
        append(.stderr, Array("[glo: \(lines) lines (\(bytes) bytes) were dropped: more than the log limit]".utf8))
    }

    private func append(_ stream: LogRecord.Stream, _ bytes: [UInt8]) {
        log.append(
            FunctionLogLine(
                function: version.name, version: version.number, worker: worker, stream: stream, invocation: current.id,
                bytes: bytes, atMilliseconds: SystemClock.unixMilliseconds()))
    }
}
