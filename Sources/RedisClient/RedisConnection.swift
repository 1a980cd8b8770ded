package import BatchedWrites
package import Logging
package import NIOCore

/// A connection to Redis that is kept up for ever. Confined to its event loop; callbacks are called there.
///
/// What is sent in one turn of the loop leaves in one write. Nothing is queued while the connection is not ready, and
/// nothing is repeated after it broke: the caller knows whether its command may run twice.
package final class RedisConnection {
    /// Called once for each command, on the event loop and, when the command is not sent, before `send` returns.
    package typealias Completion = (Result<RedisValue, RedisError>) -> Void

    package let loop: any EventLoop
    package private(set) var endpoint: RedisEndpoint
    /// Told of each change of ``state``.
    package var onStateChange: ((RedisConnectionState) -> Void)?
    /// What to do on each new connection before it counts as ready.
    package var setup: () -> RedisSetupStep = { .ready }
    /// Why the last connection could not be made or was lost; nil while ready.
    package private(set) var lastFailure: RedisError?
    /// Told how long each answer took.
    package var onAnswer: ((TimeAmount) -> Void)?
    /// Sees each reply first; true when it was no answer to a command.
    var takesPush: ((RedisValue) -> Bool)?

    let settings: RedisConnectionSettings
    private let isolatedLoop: NIOIsolatedEventLoop
    private let flushes: FlushQueue
    private let logger: Logger
    private let random: () -> Double
    private let sentinels: SentinelResolver?
    private var machine = RedisConnectionStateMachine()
    private var reportedState = RedisConnectionState.idle
    private var loggedFailure: RedisError?
    private var socket: RedisSocket?
    private var pending: PendingCommands<Completion>
    private var retry: Scheduled<Void>?
    /// The one timer of all deadlines.
    private var deadlineTimer: Scheduled<Void>?
    private var nextSweep = NIODeadline.distantFuture
    /// Why there is no server, as far as its owner knows better than the connection.
    private var absence: RedisError?
    /// Where the socket connects to.
    private var address: RedisSocket.Address?
    private var lookTimer: Scheduled<Void>?
    /// Whether anything came since the last look.
    private var hasHeard = false
    /// Looks in a row since which nothing has come although something is waited for.
    private var silentLooks = 0

    /// Commands that came one right after the other run out of time together.
    private static let sweepInterval = TimeAmount.milliseconds(10)

    /// Called on the loop.
    /// - Parameters:
    ///   - flushes: shared with whatever else on the loop writes; its own by default.
    ///   - random: from 0 to 1, for the delays between connections.
    package init(
        loop: any EventLoop, endpoint: RedisEndpoint, settings: RedisConnectionSettings = RedisConnectionSettings(),
        logger: Logger, flushes: FlushQueue? = nil, random: @escaping () -> Double = { Double.random(in: 0...1) }
    ) {
        let flushes = flushes ?? FlushQueue(loop: loop)
        self.loop = loop
        self.endpoint = endpoint
        self.settings = settings
        self.logger = logger
        self.random = random
        self.flushes = flushes
        isolatedLoop = loop.assumeIsolated()
        pending = PendingCommands(stuckAfter: .milliseconds(Int64(settings.stuckAfterMilliseconds)))
        sentinels = SentinelResolver(
            endpoint, loop: loop, flushes: flushes, timeoutMilliseconds: settings.connectTimeoutMilliseconds)
    }

    package var state: RedisConnectionState { machine.state }

    package var isReady: Bool { machine.isReady }

    /// Commands that wait for their answers, those whose time limit passed among them.
    package var pendingCount: Int { pending.count }

    /// Connects, and from then on again whenever the connection is lost.
    package func start() { perform(machine.start()) }

    /// The server is at this place now: connects at once, unless it is connected there.
    package func use(_ endpoint: RedisEndpoint) {
        absence = nil
        if endpoint != self.endpoint {
            self.endpoint = endpoint
            switch machine.state {
            case .connecting, .settingUp, .ready: fail(RedisError(.connectionLost, "Redis is at another place now."))
            case .idle, .backingOff, .closed: break
            }
        }
        perform(machine.hurry())
    }

    /// There is no server at the moment, for a reason that whoever sends a command is told. Ends with ``use(_:)``.
    package func expectNone(because reason: RedisError) { absence = reason }

    /// For good. What waits for an answer fails.
    package func close() { perform(machine.close()) }

    /// Sends a command. What the server answers, an error too, is a success here.
    ///
    /// Fails at once with `.unavailable` when the connection is not ready and with `.overloaded` when too many
    /// commands wait; later with `.timedOut`, `.connectionLost` or `.closed`, and then it may have been carried out.
    package func send(_ command: RedisCommand, timeoutMilliseconds: Int = 2000, _ done: @escaping Completion) {
        guard machine.isReady else { return done(.failure(unavailable)) }
        guard pending.count < settings.pendingLimit else { return done(.failure(overloaded)) }
        transmit(command, timeout: .milliseconds(Int64(timeoutMilliseconds)), done)
    }

    // MARK: The machine's actions

    private func perform(_ action: RedisConnectionStateMachine.Action) {
        switch action {
        case .none: return
        case .connect:
            retry?.cancel()
            connect()
        case .setUp: advance(loginStep)
        case .announceReady: announceReady()
        case .retry(let delay):
            retry = isolatedLoop.scheduleTask(in: delay) { self.perform(self.machine.retryDue()) }
            abandon(lost)
        case .close:
            retry?.cancel()
            deadlineTimer?.cancel()
            abandon(RedisError(.closed, "The connection to Redis was closed."))
        }
        reportState()
    }

    private func connect() {
        switch endpoint.place {
        case .tcp(let address): connect(to: .tcp(address))
        case .unixSocket(let path): connect(to: .unixSocket(path: path))
        case .sentinel:
            sentinels?.resolve { [weak self] result in
                switch result {
                case .success(let address): self?.connect(to: .tcp(address))
                case .failure(let error): self?.fail(error)
                }
            }
        }
    }

    private func connect(to address: RedisSocket.Address) {
        let socket = RedisSocket(flushes: flushes, delegate: self)
        self.socket = socket
        self.address = address
        watch()
        socket.connect(to: address, on: loop, timeoutMilliseconds: settings.connectTimeoutMilliseconds)
    }

    private func announceReady() {
        lastFailure = nil
        loggedFailure = nil
        logger.info("Redis is connected", metadata: ["endpoint": "\(endpoint)"])
    }

    /// Gives up what is there, whatever it is.
    private func abandon(_ reason: RedisError) {
        sentinels?.cancel()
        lookTimer?.cancel()
        socket?.close()
        socket = nil
        address = nil
        reportState()
        // Each may send again: it fails at once, since the state is another one already.
        for done in pending.removeAll() { done(.failure(reason)) }
    }

    private func reportState() {
        let state = machine.state
        guard state != reportedState else { return }
        reportedState = state
        onStateChange?(state)
    }

    // MARK: Failures

    /// The connection cannot be made or used: waits, and tries again.
    /// - Parameter isMoved: another server is known, so that there is nothing to wait for.
    private func fail(_ reason: RedisError, isMoved: Bool = false) {
        guard machine.state != .closed else { return }
        lastFailure = reason
        if loggedFailure != reason {
            loggedFailure = reason
            logger.warning(
                "Redis is not available", metadata: ["endpoint": "\(endpoint)", "reason": "\(reason)"])
        }
        perform(machine.failed(at: loop.now, fraction: isMoved ? 0 : random()))
    }

    /// Why a command would not be sent now.
    package var unavailable: RedisError {
        guard machine.state != .closed else { return RedisError(.closed, "The connection to Redis was closed.") }
        if let absence { return absence }
        guard let lastFailure else { return RedisError(.unavailable, "Redis is not connected yet.") }
        return RedisError(.unavailable, lastFailure.message, hint: lastFailure.hint)
    }

    private var lost: RedisError {
        RedisError(
            .connectionLost, lastFailure?.message ?? "The connection to Redis was lost.", hint: lastFailure?.hint ?? "")
    }

    private var overloaded: RedisError {
        RedisError(
            .overloaded, "\(settings.pendingLimit) commands wait for Redis already.",
            hint: "Redis is too slow for what is asked of it: look at its disk and its SLOWLOG.")
    }

    // MARK: Setup

    /// Logs in, and then does what the owner wants.
    private var loginStep: RedisSetupStep {
        let login = RedisLogin(endpoint, clientName: settings.clientName)
        return .run(login.commands) { [weak self] replies in
            if let error = login.refusal(replies) { return .refuse(error) }
            return self?.setup() ?? .ready
        }
    }

    private func advance(_ step: RedisSetupStep) {
        guard machine.state == .settingUp else { return }
        switch step {
        case .ready: perform(machine.setupFinished(at: loop.now))
        case .refuse(let error): fail(error)
        case .run(let commands, let then):
            guard !commands.isEmpty else { return advance(then([])) }
            let round = SetupRound(expected: commands.count)
            for command in commands {
                transmit(command, timeout: .milliseconds(Int64(settings.setupTimeoutMilliseconds))) { result in
                    self.setupAnswered(result, round, then)
                }
            }
        }
    }

    private func setupAnswered(
        _ result: Result<RedisValue, RedisError>, _ round: SetupRound, _ then: ([RedisValue]) -> RedisSetupStep
    ) {
        switch result {
        case .success(let reply):
            round.replies.append(reply)
            if round.replies.count == round.expected { advance(then(round.replies)) }
        case .failure(let error):
            // A lost connection is being dealt with already.
            if error.code == .timedOut { fail(error) }
        }
    }

    // MARK: Silence

    /// The kernel of a server that hangs goes on to acknowledge what is sent: only an answer shows that it is there.
    private func watch() {
        hasHeard = false
        silentLooks = 0
        lookLater()
    }

    private func lookLater() {
        lookTimer?.cancel()
        lookTimer = isolatedLoop.scheduleTask(in: .milliseconds(Int64(settings.lookMilliseconds))) { self.look() }
    }

    private func look() {
        guard socket != nil else { return }
        lookLater()
        if hasHeard {
            hasHeard = false
            silentLooks = 0
            return
        }
        if machine.isReady, pending.count == 0 {
            // Its deadline is that of a stuck connection.
            transmit(RedisCommand("PING"), timeout: .milliseconds(Int64(settings.stuckAfterMilliseconds))) { _ in }
            return
        }
        silentLooks += 1
        // A look may have come just after the question.
        if silentLooks >= 2 { askSentinels() }
    }

    /// A master that is silent may have been replaced.
    private func askSentinels() {
        guard let sentinels, let socket, !sentinels.isAsking else { return }
        sentinels.resolve { [weak self] result in
            guard let self, socket === self.socket, case .success(let master) = result,
                address != .tcp(master)
            else { return }
            fail(RedisError(.connectionLost, "Sentinel names another master, \(master)."), isMoved: true)
        }
    }

    // MARK: Deadlines

    private func transmit(_ command: RedisCommand, timeout: TimeAmount, _ done: @escaping Completion) {
        let deadline = pending.append(done, now: loop.now, timeout: timeout)
        if deadline < nextSweep { scheduleSweep(at: deadline) }
        socket?.write(command)
    }

    private func scheduleSweep(at time: NIODeadline) {
        deadlineTimer?.cancel()
        nextSweep = time
        deadlineTimer = isolatedLoop.scheduleTask(deadline: time) { self.sweep() }
    }

    private func sweep() {
        let now = loop.now
        deadlineTimer = nil
        nextSweep = .distantFuture
        let sweep = pending.sweep(now: now)
        if let next = sweep.next { scheduleSweep(at: max(next, now + Self.sweepInterval)) }
        let socket = socket
        for done in sweep.expired {
            done(.failure(RedisError(.timedOut, "Redis did not answer in time.")))
        }
        guard sweep.isStuck, socket === self.socket else { return }
        fail(RedisError(.timedOut, "Redis has not answered for \(settings.stuckAfterMilliseconds / 1000) s."))
    }
}

extension RedisConnection: RedisSocketDelegate {
    func socketConnected(_ socket: RedisSocket) {
        guard socket === self.socket else { return }
        perform(machine.connected())
    }

    func socket(_ socket: RedisSocket, received value: RedisValue) {
        guard socket === self.socket else { return }
        hasHeard = true
        if let takesPush, takesPush(value) { return }
        if let onAnswer, let sentAt = pending.nextSentAt { onAnswer(NIODeadline.now() - sentAt) }
        switch pending.answered() {
        case .callback(let done): done(.success(value))
        case .nobody: break
        case .unexpected:
            return fail(RedisError(.protocolViolation, "Redis answered what nobody asked."))
        }
        guard case .error(let error) = value, error.meansServerNotReady, socket === self.socket else { return }
        fail(RedisError(.refused, "Redis cannot serve now: \(error)."))
    }

    func socketEnded(_ socket: RedisSocket, _ reason: RedisError) {
        guard socket === self.socket else { return }
        fail(reason)
    }
}

/// The answers of commands of the setup that were sent together.
private final class SetupRound {
    let expected: Int
    var replies: [RedisValue] = []

    init(expected: Int) { self.expected = expected }
}
