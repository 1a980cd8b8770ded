import ContainerEngine
import FunctionModel
import Glibc
import InitLink
import LinuxSystem
import Observability
import Synchronization

/// One container from its making to its end: first a spare, then, once, the place of one worker.
///
/// Init's messages come on the hub's thread; the engine's answers come from tasks. A lock guards the state.
final class Sandbox: Sendable {
    let id: ContainerID
    let key: SandboxKey
    let directory: String
    /// Unix time in milliseconds.
    let madeAtMilliseconds = SystemClock.unixMilliseconds()

    private struct State {
        var connection: InitConnection?
        var container: RunningContainer?
        /// Whether init's process could be seen from here when the container was started: a controller in a container of
        /// its own sees no others.
        var isProcessSeen = false
        var waiter: CheckedContinuation<Bool, Never>?
        var hasConnected = false
        var isClosed = false
        /// Nil while it is a spare.
        var claim: Claim?
        var descriptors: [OwnedDescriptor] = []
        var started = false
    }

    /// Whom the sandbox works for.
    struct Claim: Sendable {
        let command: StartCommand
        let output: any HandlerOutput
        let onEvent: @Sendable (SandboxEvent) -> Void
    }

    private let state = Mutex(State())
    /// Told when a spare dies.
    private let onSpareClosed: @Sendable (Sandbox) -> Void

    init(id: ContainerID, key: SandboxKey, directory: String, onSpareClosed: @escaping @Sendable (Sandbox) -> Void) {
        self.id = id
        self.key = key
        self.directory = directory
        self.onSpareClosed = onSpareClosed
    }

    var taskDirectory: String { "\(directory)/task" }
    var controlDirectory: String { "\(directory)/ctl" }
    var secretsDirectory: String { "\(directory)/secrets" }
    static func passwdFile(in directory: String) -> String { "\(directory)/passwd" }
    static func groupFile(in directory: String) -> String { "\(directory)/group" }
    var container: RunningContainer? { state.withLock(\.container) }
    /// Whether init is there, so that the sandbox can be claimed or works.
    var isAlive: Bool { state.withLock { $0.hasConnected && !$0.isClosed } }
    /// Whether init has told that the handler was started.
    var hasStarted: Bool { state.withLock(\.started) }

    // MARK: Making

    func makeDirectories() throws(ControllerError) {
        for path in [directory, taskDirectory, controlDirectory] {
            guard mkdir(path, 0o755) == 0 else { throw .system("cannot make \(path)", errno) }
        }
        // Init has a user id of its own and must be able to enter.
        for path in [directory, taskDirectory, controlDirectory] { chmod(path, 0o755) }
    }

    /// Writes what the container sees at /etc/passwd and /etc/group.
    func writeNames(_ names: UserNames) throws(ControllerError) {
        try Self.write(names.passwd, to: Self.passwdFile(in: directory))
        try Self.write(names.group, to: Self.groupFile(in: directory))
    }

    private static func write(_ text: String, to path: String) throws(ControllerError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
        guard file >= 0 else { throw .system("cannot make \(path)", errno) }
        defer { Glibc.close(file) }
        let bytes = Array(text.utf8)
        // Whatever the umask: the worker's user reads it.
        guard Glibc.write(file, bytes, bytes.count) == bytes.count, fchmod(file, 0o444) == 0 else {
            throw .system("cannot write \(path)", errno)
        }
    }

    func removeDirectories() { TaskDirectory.remove(directory) }

    func listen(on hub: InitHub) throws(InitLinkError) {
        let connection = try hub.listen(directory: controlDirectory, delegate: self)
        state.withLock { $0.connection = connection }
    }

    func containerStarted(_ container: RunningContainer) {
        let isSeen = container.processID.map(Self.exists) ?? false
        state.withLock { state in
            state.container = container
            state.isProcessSeen = isSeen
        }
    }

    /// Whether the container's init may still run: false when it is known to have ended.
    private var mayRun: Bool {
        let (container, isSeen) = state.withLock { ($0.container, $0.isProcessSeen) }
        guard let container else { return true }
        // The engine knew of no process: it had ended already.
        guard let processID = container.processID else { return false }
        return !isSeen || Self.exists(processID)
    }

    private static func exists(_ processID: Int32) -> Bool { kill(processID, 0) == 0 || errno == EPERM }

    /// Waits until nothing of the container runs any more, for init is the last to end. False when that cannot be seen
    /// from here, or did not come in this time.
    func processesEnd(withinMilliseconds milliseconds: Int) async -> Bool {
        guard state.withLock(\.isProcessSeen) else { return false }
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        var pause = 5
        while mayRun {
            guard ContinuousClock.now < deadline else { return false }
            try? await Task.sleep(for: .milliseconds(pause))
            pause = min(100, pause * 2)
        }
        return true
    }

    /// Waits until init has said hello; false when it did not in time, or its container has ended.
    func waitForInit(milliseconds: Int) async -> Bool {
        let timer = Task { [self] in
            let deadline = ContinuousClock.now + .milliseconds(milliseconds)
            while !Task.isCancelled, ContinuousClock.now < deadline {
                try? await Task.sleep(for: .milliseconds(50))
                guard !mayRun else { continue }
                // Its hello may still be on its way.
                try? await Task.sleep(for: .milliseconds(100))
                break
            }
            resumeWaiter(with: false)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.hasConnected { return true }
                if state.isClosed { return false }
                state.waiter = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func resumeWaiter(with answer: Bool) {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: answer)
    }

    // MARK: Work

    /// Starts the one worker that this sandbox is for. False when it has died meanwhile.
    func claim(_ claim: Claim) -> Bool {
        let connection: InitConnection? = state.withLock { state in
            precondition(state.claim == nil, "a sandbox was claimed twice")
            guard state.hasConnected, !state.isClosed else { return nil }
            state.claim = claim
            return state.connection
        }
        guard let connection else { return false }
        connection.start(claim.command)
        return true
    }

    func requestConnection() {
        guard let (connection, worker) = active else { return }
        connection.connect(worker: worker)
    }

    /// SIGTERM now, SIGKILL after the grace; `exited` follows.
    func stopWorker(graceMilliseconds: Int) {
        guard let (connection, worker) = active else { return }
        connection.stop(worker: worker, graceMilliseconds: graceMilliseconds)
    }

    /// Ends the connection: init ends everything in the container and then itself.
    func close() {
        let connection = state.withLock { state in
            state.isClosed = true
            return state.connection
        }
        connection?.close()
        resumeWaiter(with: false)
    }

    private var active: (InitConnection, UInt32)? {
        state.withLock { state in
            guard let connection = state.connection, let claim = state.claim, !state.isClosed else { return nil }
            return (connection, claim.command.worker)
        }
    }
}

extension Sandbox: InitConnectionDelegate {
    func initConnected(_ hello: InitHello) {
        state.withLock { $0.hasConnected = true }
        resumeWaiter(with: true)
    }

    func initReceived(descriptors: [OwnedDescriptor], kind: DescriptorKind, worker: UInt32, port: UInt16) {
        let claim: Claim? = state.withLock { state in
            if state.started { return state.claim }
            state.descriptors += descriptors
            return nil
        }
        claim?.onEvent(.connected(descriptors))
    }

    func initStarted(worker: UInt32, processID: Int32) {
        let (claim, descriptors, container) = state.withLock { state in
            state.started = true
            defer { state.descriptors = [] }
            return (state.claim, state.descriptors, state.container)
        }
        claim?.onEvent(.started(processID: processID, descriptors: descriptors, container: container))
    }

    func initStartFailed(worker: UInt32, failure: StartFailure) {
        claim?.onEvent(.startFailed(failure))
    }

    func initExited(worker: UInt32, report: ExitReport) {
        claim?.onEvent(.exited(report))
    }

    func initOutput(worker: UInt32, line: OutputLine) {
        claim?.output.write(line)
    }

    func initOutputDropped(worker: UInt32, lines: UInt64, bytes: UInt64) {
        claim?.output.dropped(lines: lines, bytes: bytes)
    }

    func initConnectFailed(worker: UInt32, systemError: Int32) {
        claim?.onEvent(.connectFailed(systemError))
    }

    func initClosed(_ error: InitLinkError?) {
        let claim = state.withLock { state in
            state.isClosed = true
            state.descriptors = []
            return state.claim
        }
        resumeWaiter(with: false)
        if let claim {
            claim.onEvent(.closed(error))
        } else if error != nil {
            onSpareClosed(self)
        }
    }

    private var claim: Claim? { state.withLock(\.claim) }
}
