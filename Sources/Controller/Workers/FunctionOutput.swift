import AdminModel
import FunctionModel
import InitLink
import LinuxSystem
import Observability
import Synchronization

/// Turns what one worker writes into lines of its function's log.
final class FunctionOutput: HandlerOutput {
    /// Whose the lines of each stream are, as far as the loader said.
    private struct Owners {
        var standardOutput: InvocationID?
        var standardError: InvocationID?

        subscript(stream: OutputStream) -> InvocationID? {
            get { stream == .standardOutput ? standardOutput : standardError }
            set { if stream == .standardOutput { standardOutput = newValue } else { standardError = newValue } }
        }
    }

    private let version: FunctionVersion
    private let worker: String
    private let current: CurrentInvocation
    private let log: FunctionLogStore
    private let owners = Mutex(Owners())

    init(version: FunctionVersion, worker: String, current: CurrentInvocation, log: FunctionLogStore) {
        self.current = current
        self.version = version
        self.worker = worker
        self.log = log
    }

    func write(_ line: OutputLine) {
        let before = owner(of: line)
        guard version.manifest.runtime != nil, let mark = LineMark(at: line.bytes) else {
            return append(line.stream, line.bytes, before)
        }
        if mark.lengthBefore > 0 { append(line.stream, line.bytes.prefix(mark.lengthBefore), before) }
        owners.withLock { $0[line.stream] = mark.owner }
    }

    func dropped(lines: UInt64, bytes: UInt64) {
        let text = "[glo: \(lines) lines (\(bytes) bytes) were dropped: more than the log limit]"
        append(.standardError, Array(text.utf8)[...], current.id)
    }

    /// What the loader said, or init; else the invocation that runs now. A worker may only speak of its own.
    private func owner(of line: OutputLine) -> InvocationID? {
        if line.run != 0 { return current.invocation(ofRun: line.run) }
        guard let marked = owners.withLock({ $0[line.stream] }) else { return current.id }
        return current.isRecent(marked) ? marked : nil
    }

    private func append(_ stream: OutputStream, _ bytes: ArraySlice<UInt8>, _ invocation: InvocationID?) {
        log.append(
            FunctionLogLine(
                function: version.name, version: version.number, worker: worker,
                stream: stream == .standardOutput ? .stdout : .stderr, invocation: invocation, bytes: Array(bytes),
                atMilliseconds: SystemClock.unixMilliseconds()))
    }
}
