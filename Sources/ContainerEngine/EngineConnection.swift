import CurlClient
import FunctionModel
import Synchronization
import TextForms

/// Calls to the engine's Unix socket: on own threads, with a deadline each, behind the breaker.
final class EngineConnection: Sendable {
    let socketPath: String
    /// Told when calls begin to fail at once (false) and when they go through again (true).
    private let onAvailabilityChange: @Sendable (Bool) -> Void
    private let breaker: Mutex<EngineBreaker>
    private let deadlines: EngineDeadlines
    private let version = Mutex(APIVersion.oldest)
    private let calls = BlockingPool(name: "glo-engine", threads: 6) { CurlSession() }
    /// Pulls last for minutes; they must not keep other calls waiting.
    private let pulls = BlockingPool(name: "glo-pull", threads: 2) { CurlSession() }
    /// While the engine hangs every other thread may wait for it.
    private let probes = BlockingPool(name: "glo-probe", threads: 1) { CurlSession() }

    init(
        socketPath: String, breaker: EngineBreaker, deadlines: EngineDeadlines,
        onAvailabilityChange: @escaping @Sendable (Bool) -> Void
    ) {
        self.socketPath = socketPath
        self.deadlines = deadlines
        self.onAvailabilityChange = onAvailabilityChange
        self.breaker = Mutex(breaker)
    }

    /// False while calls fail at once.
    var isAvailable: Bool { breaker.withLock { $0.admitsCalls } }

    var apiVersion: APIVersion {
        get { version.withLock { $0 } }
        set { version.withLock { $0 = newValue } }
    }

    /// Makes a call; any status is an answer.
    func perform(_ call: EngineCall) async throws(EngineError) -> CurlResponse {
        try admit()
        let began = MonotonicTime.now()
        let request = request(for: call)
        let allowed = deadlines.milliseconds(call.deadline)
        let result: Result<CurlResponse, CallFailure> = await calls.run { session, _ in
            // Calls that waited behind others while the engine stopped answering need not find out for themselves.
            guard self.isAvailable else { return .failure(.refused) }
            var request = request
            let left = allowed - Int(MonotonicTime.now().milliseconds(since: began))
            guard left > 0 else { return .failure(.waitedTooLong) }
            request.timeoutMilliseconds = left
            do throws(CurlError) {
                return .success(try session.perform(request))
            } catch {
                return .failure(.transport(error))
            }
        }
        EngineMetrics.note(call, nanoseconds: MonotonicTime.now().nanoseconds(since: began), result)
        return try finish(result, of: call)
    }

    /// Makes a call whose answer comes in lines over a long time; each line that came whole is handed on. An error's
    /// answer is returned as a body instead. Cancelling the task ends it.
    func streamLines(
        _ call: EngineCall, onLine: @escaping @Sendable ([UInt8]) -> Void
    ) async throws(EngineError) -> CurlResponse {
        try admit()
        var request = request(for: call)
        request.stallTimeoutSeconds = deadlines.pullStallSeconds
        let ready = request
        let result: Result<CurlResponse, CallFailure> = await pulls.run { session, cancellation in
            var head = CurlResponseHead(status: 0)
            var lines = LineBuffer(limit: 1 << 20, dropsCarriageReturns: true)
            var errorBody: [UInt8] = []
            do throws(CurlError) {
                try session.stream(
                    ready, cancellation: cancellation, onHead: { head = $0 },
                    onData: { bytes in
                        if head.status < 400 { return lines.append(bytes, onLine: onLine) }
                        errorBody.append(contentsOf: bytes.prefix(64 << 10))
                        return errorBody.count < 64 << 10
                    })
            } catch {
                return .failure(.transport(error))
            }
            return .success(CurlResponse(head: head, body: errorBody))
        }
        return try finish(result, of: call)
    }

    /// Threads that there are for calls right now.
    var threadCount: Int { calls.threadCount + pulls.threadCount + probes.threadCount }

    /// Why a call has no answer.
    enum CallFailure: Error {
        /// The breaker opened while the call waited for a thread.
        case refused
        /// No thread was free before its deadline.
        case waitedTooLong
        case transport(CurlError)
    }

    private func admit() throws(EngineError) {
        guard isAvailable else { throw EngineError.unavailable(socketPath) }
    }

    private func request(for call: EngineCall) -> CurlRequest {
        let prefix = call.isUnversioned ? "" : "/v\(apiVersion)"
        return CurlRequest(
            method: call.method, url: "http://localhost\(prefix)\(call.path)", unixSocketPath: socketPath,
            headers: call.body == nil ? [] : [("Content-Type", call.contentType)], body: call.body,
            timeoutMilliseconds: deadlines.milliseconds(call.deadline), connectTimeoutMilliseconds: deadlines.ping,
            maxResponseBytes: call.maxResponseBytes)
    }

    private func finish(
        _ result: Result<CurlResponse, CallFailure>, of call: EngineCall
    ) throws(EngineError) -> CurlResponse {
        switch result {
        case .success(let response):
            carryOut(breaker.withLock { $0.event(.callSucceeded) })
            return response
        case .failure(.refused): throw EngineError.unavailable(socketPath)
        case .failure(.waitedTooLong):
            throw EngineError(
                .timedOut,
                "\(call.method) \(call.path) waited \(deadlines.milliseconds(call.deadline)) ms for its turn.",
                hint: "The engine is slow or has too much to do; try again.")
        case .failure(.transport(let error)):
            if Self.isSignOfTrouble(error.kind) { carryOut(breaker.withLock { $0.event(.callFailed) }) }
            throw EngineError(
                error, call: call, milliseconds: deadlines.milliseconds(call.deadline), socketPath: socketPath)
        }
    }

    private static func isSignOfTrouble(_ kind: CurlError.Kind) -> Bool {
        switch kind {
        case .couldNotConnect, .timedOut, .disconnected, .other: true
        case .tooLarge, .aborted: false
        }
    }

    private func carryOut(_ action: EngineBreaker.Action) {
        switch action {
        case .none: break
        case .open(let milliseconds):
            onAvailabilityChange(false)
            scheduleProbe(afterMilliseconds: milliseconds)
        case .wait(let milliseconds): scheduleProbe(afterMilliseconds: milliseconds)
        case .probe: probe()
        case .close: onAvailabilityChange(true)
        }
    }

    /// The task holds nothing that would keep a connection alive that nobody uses.
    private func scheduleProbe(afterMilliseconds milliseconds: Int) {
        Task { [weak self] in
            try? await Task.sleep(for: .milliseconds(milliseconds))
            self?.probeIsDue()
        }
    }

    private func probeIsDue() { carryOut(breaker.withLock { $0.event(.probeDue) }) }

    private func probe() {
        var ping = request(for: EngineCall(path: "/_ping", deadline: .ping))
        ping.url = "http://localhost/_ping"
        let request = ping
        Task { [weak self, probes] in
            let isAlive = await probes.run { session, _ in (try? session.perform(request)) != nil }
            self?.probeEnded(isAlive)
        }
    }

    private func probeEnded(_ isAlive: Bool) {
        carryOut(breaker.withLock { $0.event(isAlive ? .probeSucceeded : .probeFailed) })
    }
}
