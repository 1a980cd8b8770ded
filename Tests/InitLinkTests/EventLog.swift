import CLinux
import Glibc
import InitLink
import LinuxSystem
import Synchronization

/// What a connection's delegate was told, and a way to wait for it without sleeping.
final class EventLog: InitConnectionDelegate {
    enum Event {
        case connected(InitHello)
        case descriptors(worker: UInt32, DescriptorKind, [OwnedDescriptor], port: UInt16)
        case started(worker: UInt32, processID: Int32)
        case startFailed(worker: UInt32, StartFailure)
        case exited(worker: UInt32, ExitReport)
        case output(worker: UInt32, OutputLine)
        case dropped(worker: UInt32, lines: UInt64, bytes: UInt64)
        case connectFailed(worker: UInt32, Int32)
        case closed(InitLinkError?)
    }

    struct TimedOut: Error {}

    private let events = Mutex<[Event]>([])
    private let wakeup = OwnedDescriptor(owning: clinux_wakeup())

    /// All events so far.
    var all: [Event] { events.withLock { $0 } }

    /// The first event, past or to come, that `match` turns into something. One waiter at a time.
    func first<Result>(seconds: Int = 20, _ match: (Event) throws -> Result?) throws -> Result {
        let deadline = clinux_monotonic_nanoseconds() + Int64(seconds) * 1_000_000_000
        var seen = 0
        while true {
            let new = events.withLock { $0[seen...] }
            for event in new { if let result = try match(event) { return result } }
            seen = new.endIndex
            let left = (deadline - clinux_monotonic_nanoseconds()) / 1_000_000
            guard left > 0 else { throw TimedOut() }
            var waiting = pollfd(fd: wakeup.raw, events: Int16(POLLIN), revents: 0)
            _ = poll(&waiting, 1, Int32(left))
            var count: UInt64 = 0
            _ = read(wakeup.raw, &count, 8)
        }
    }

    private func append(_ event: Event) {
        events.withLock { $0.append(event) }
        var one: UInt64 = 1
        _ = write(wakeup.raw, &one, 8)
    }

    func initConnected(_ hello: InitHello) { append(.connected(hello)) }

    func initReceived(descriptors: [OwnedDescriptor], kind: DescriptorKind, worker: UInt32, port: UInt16) {
        append(.descriptors(worker: worker, kind, descriptors, port: port))
    }

    func initStarted(worker: UInt32, processID: Int32) { append(.started(worker: worker, processID: processID)) }

    func initStartFailed(worker: UInt32, failure: StartFailure) {
        append(.startFailed(worker: worker, failure))
    }

    func initExited(worker: UInt32, report: ExitReport) { append(.exited(worker: worker, report)) }

    func initOutput(worker: UInt32, line: OutputLine) { append(.output(worker: worker, line)) }

    func initOutputDropped(worker: UInt32, lines: UInt64, bytes: UInt64) {
        append(.dropped(worker: worker, lines: lines, bytes: bytes))
    }

    func initConnectFailed(worker: UInt32, systemError: Int32) {
        append(.connectFailed(worker: worker, systemError))
    }

    func initClosed(_ error: InitLinkError?) { append(.closed(error)) }
}

extension EventLog {
    func descriptors(of worker: UInt32) throws -> [OwnedDescriptor] {
        try first { if case .descriptors(worker, _, let descriptors, _) = $0 { descriptors } else { nil } }
    }

    func startedProcess(of worker: UInt32) throws -> Int32 {
        try first { event -> Int32? in
            switch event {
            case .started(worker, let processID): processID
            case .startFailed(worker, let failure): throw failure
            default: nil
            }
        }
    }

    func failure(of worker: UInt32) throws -> StartFailure {
        try first { if case .startFailed(worker, let failure) = $0 { failure } else { nil } }
    }

    func exit(of worker: UInt32) throws -> ExitReport {
        try first { if case .exited(worker, let report) = $0 { report } else { nil } }
    }

    /// The first output line that contains the text.
    func line(of worker: UInt32, containing text: String) throws -> OutputLine {
        try first { event in
            guard case .output(worker, let line) = event else { return nil }
            return String(decoding: line.bytes, as: UTF8.self).contains(text) ? line : nil
        }
    }

    func end() throws -> InitLinkError? {
        try first { if case .closed(let error) = $0 { .some(error) } else { nil } }
    }
}
