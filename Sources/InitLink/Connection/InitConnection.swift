internal import CLinux
import Glibc
import LinuxSystem
private import Synchronization

/// The connection to one init: commands go out, events come to the delegate. Every method may be called from any
/// thread and none waits; what the socket does not take is queued up to a bound.
package final class InitConnection: Sendable {
    private enum Phase {
        case listening(socket: OwnedDescriptor, directory: OwnedDescriptor)
        case connected(OwnedDescriptor)
        case closed
    }

    private struct State {
        var phase: Phase
        var outbox = Outbox()
        var session = InitSession()
        var input = InitInput()
        /// Nil once it has been told the end.
        var delegate: (any InitConnectionDelegate)?
        /// Set when this side wants the end; the reason that the delegate is told.
        var ending: Ending?
    }

    enum Ending {
        case wanted
        case failed(InitLinkError)
    }

    static let socketName = "init.sock"

    let id: UInt64
    private let core: HubCore
    private let state: Mutex<State>

    /// Takes a listening socket at `init.sock` in the directory.
    init(
        id: UInt64, core: HubCore, socket: OwnedDescriptor, directory: OwnedDescriptor,
        delegate: any InitConnectionDelegate
    ) {
        self.id = id
        self.core = core
        state = Mutex(State(phase: .listening(socket: socket, directory: directory), delegate: delegate))
    }

    // MARK: Commands

    /// Starts a worker. Commands given before init has connected wait for it. The worker's id must be new to this
    /// connection: reusing that of a worker that lives is a mistake of the caller and traps.
    package func start(_ command: StartCommand) {
        let frame = InitCommandEncoder.start(command)
        guard frame.count - FrameHeader.length <= Int(GLO_CONTROL_TO_INIT_MAX) else {
            let message = "the command, its environment and its secrets have \(frame.count) bytes"
            let advice = "keep them together under \(GLO_CONTROL_TO_INIT_MAX) bytes"
            return requestEnd(.failed(InitLinkError(.overflow, message, advice: advice)))
        }
        send(frame) { session in
            session.start(worker: command.worker, contract: command.contract, slots: command.effectiveSlots)
            return true
        }
    }

    /// Sends a signal to the worker's process group (exec: to each run's). Nothing when it has ended.
    package func signal(worker: UInt32, signal: Int32) {
        send(InitCommandEncoder.signal(worker: worker, signal: signal)) { $0.knows(worker: worker) }
    }

    /// SIGTERM now, SIGKILL if the worker has not ended after the grace. An exec worker also takes no more runs.
    package func stop(worker: UInt32, graceMilliseconds: Int) {
        send(InitCommandEncoder.stop(worker: worker, graceMilliseconds: graceMilliseconds)) {
            $0.knows(worker: worker)
        }
    }

    /// Asks for one more connection to an http worker's server.
    package func connect(worker: UInt32, timeoutMilliseconds: Int = 10_000) {
        send(InitCommandEncoder.connect(worker: worker, timeoutMilliseconds: timeoutMilliseconds)) {
            $0.connect(worker: worker)
        }
    }

    /// Ends the connection; init then kills all workers and exits. The delegate is told `initClosed(nil)` later, on the
    /// hub's thread. More than once is harmless.
    package func close() { requestEnd(.wanted) }

    private func send(_ frame: [UInt8], when isSensible: (inout InitSession) -> Bool) {
        let overflows = state.withLock { state -> Bool in
            if case .closed = state.phase { return false }
            guard state.ending == nil, isSensible(&state.session) else { return false }
            let wasEmpty = state.outbox.isEmpty
            guard state.outbox.append(frame) else { return true }
            if wasEmpty, case .connected(let socket) = state.phase {
                Self.flush(&state.outbox, to: socket)
                if !state.outbox.isEmpty { core.watch(socket, of: id, writable: true) }
            }
            return false
        }
        if overflows {
            requestEnd(
                .failed(InitLinkError(.overflow, "\(Outbox.maximumBytes) bytes wait for an init that takes none")))
        }
    }

    private func requestEnd(_ ending: Ending) {
        let isNew = state.withLock { state -> Bool in
            if case .closed = state.phase { return false }
            guard state.ending == nil else { return false }
            state.ending = ending
            return true
        }
        if isNew { core.requestEnd(of: id) }
    }

    private static func flush(_ outbox: inout Outbox, to socket: OwnedDescriptor) {
        // An error other than a full socket shows as a hang-up on the hub's thread.
        outbox.drain { clinux_send(socket.raw, $0.baseAddress, $0.count, nil, 0) }
    }

    // MARK: Events, on the hub's thread

    /// Something happened on the descriptor.
    func handle(_ event: clinux_event, scratch: UnsafeMutableRawBufferPointer) {
        let isListening = state.withLock { state -> Bool in
            if case .listening = state.phase { true } else { false }
        }
        if isListening { return acceptPeer() }
        if event.writable { continueSending() }
        // Bytes that came before a hang-up are read first; the end of the stream follows them.
        if event.readable || event.hung_up { receive(scratch) }
    }

    /// The end that this side asked for.
    func carryOutEnd() {
        let ending = state.withLock { $0.ending }
        switch ending {
        case .wanted?: finish(nil)
        case .failed(let error)?: finish(error)
        case nil: break
        }
    }

    /// Closes everything and tells the delegate, once.
    func finish(_ error: InitLinkError?) {
        let delegate = state.withLock { state -> (any InitConnectionDelegate)? in
            switch state.phase {
            case .listening(let socket, let directory):
                core.unwatch(socket)
                _ = unlinkat(directory.raw, Self.socketName, 0)
                socket.close()
            case .connected(let socket):
                core.unwatch(socket)
                socket.close()
            case .closed: break
            }
            state.phase = .closed
            state.outbox = Outbox()
            state.input = InitInput()
            defer { state.delegate = nil }
            return state.delegate
        }
        core.forget(id)
        delegate?.initClosed(error)
    }

    private func acceptPeer() {
        let failure = state.withLock { state -> InitLinkError? in
            guard case .listening(let listener, let directory) = state.phase else { return nil }
            let accepted = clinux_accept(listener.raw)
            if accepted < 0 {
                let error = clinux_errno()
                if error == EAGAIN || error == ECONNABORTED { return nil }
                return InitLinkError(.system, "the connection of init cannot be accepted", systemError: error)
            }
            let socket = OwnedDescriptor(owning: accepted)
            core.unwatch(listener)
            _ = unlinkat(directory.raw, Self.socketName, 0)
            listener.close()
            state.phase = .connected(socket)
            core.lifeline?.pass(over: socket)
            Self.flush(&state.outbox, to: socket)
            guard core.watchNew(socket, of: id, writable: !state.outbox.isEmpty) else {
                return InitLinkError(.system, "the connection of init cannot be watched", systemError: clinux_errno())
            }
            return nil
        }
        if let failure { finish(failure) }
    }

    private func continueSending() {
        state.withLock { state in
            guard case .connected(let socket) = state.phase else { return }
            Self.flush(&state.outbox, to: socket)
            if state.outbox.isEmpty { core.watch(socket, of: id, writable: false) }
        }
    }

    private func receive(_ scratch: UnsafeMutableRawBufferPointer) {
        var deliveries: [InitInput.Delivery] = []
        let outcome = state.withLock { state -> Result<Void, InitLinkError> in
            guard case .connected(let socket) = state.phase else { return .success(()) }
            do throws(InitLinkError) {
                guard let received = try SocketReader.receive(from: socket, into: scratch) else { return .success(()) }
                try state.input.receive(
                    received.bytes, descriptors: received.descriptors, session: &state.session, into: &deliveries)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        deliver(deliveries)
        if case .failure(let error) = outcome { finish(error) }
    }

    private func deliver(_ deliveries: [InitInput.Delivery]) {
        for delivery in deliveries {
            // The delegate itself may have closed the connection meanwhile: then it hears no more of the workers.
            let delegate = state.withLock { $0.ending == nil ? $0.delegate : nil }
            guard let delegate else { return }
            switch delivery.frame {
            case .hello(let hello): delegate.initConnected(hello)
            case .descriptors(let worker, let kind, _, let port):
                delegate.initReceived(descriptors: delivery.descriptors, kind: kind, worker: worker, port: port)
            case .started(let worker, let processID): delegate.initStarted(worker: worker, processID: processID)
            case .startFailed(let worker, let failure): delegate.initStartFailed(worker: worker, failure: failure)
            case .exited(let worker, let report): delegate.initExited(worker: worker, report: report)
            case .output(let worker, let line): delegate.initOutput(worker: worker, line: line)
            case .outputDropped(let worker, let lines, let bytes):
                delegate.initOutputDropped(worker: worker, lines: lines, bytes: bytes)
            case .connectFailed(let worker, let systemError):
                delegate.initConnectFailed(worker: worker, systemError: systemError)
            }
        }
    }
}
