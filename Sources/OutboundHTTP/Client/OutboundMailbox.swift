import Synchronization

/// What callers on any thread and the loop's thread share: who asks for what, and how much is under way.
final class OutboundMailbox: Sendable {
    enum Command: Sendable {
        case start(OutboundJob)
        case cancel(UInt64, host: String)
    }

    private struct State {
        var commands: [Command] = []
        /// Jobs that were taken and have not ended.
        var jobs = 0
        var isClosed = false
        var hasLoop = false
        var onLoopEnd: [CheckedContinuation<Void, Never>] = []
    }

    let wake = WakeEvent()
    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: how many jobs there may be.
    init(limit: Int) { self.limit = limit }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Why a job is not taken; nil when it is.
    func post(_ job: OutboundJob) -> OutboundError.Code? {
        let (refusal, isFirst): (OutboundError.Code?, Bool) = state.withLock { state in
            if state.isClosed { return (.shuttingDown, false) }
            if state.jobs >= limit { return (.queueFull, false) }
            state.jobs += 1
            state.commands.append(.start(job))
            return (nil, state.commands.count == 1)
        }
        if isFirst { wake.signal() }
        return refusal
    }

    func postCancel(_ id: UInt64, host: String) {
        let isFirst = state.withLock { state in
            state.commands.append(.cancel(id, host: host))
            return state.commands.count == 1
        }
        if isFirst { wake.signal() }
    }

    /// No more jobs; the loop fails what is left and ends.
    func close() {
        state.withLock { $0.isClosed = true }
        wake.signal()
    }

    /// For the loop: what was posted, and whether it shall end.
    func take() -> (commands: [Command], isClosed: Bool) {
        wake.clear()
        return state.withLock { state in
            defer { state.commands.removeAll() }
            return (state.commands, state.isClosed)
        }
    }

    /// For the loop: one job ended.
    func jobEnded() { state.withLock { $0.jobs -= 1 } }

    func loopStarts() { state.withLock { $0.hasLoop = true } }

    func loopEnded() {
        let waiting = state.withLock { state in
            state.hasLoop = false
            defer { state.onLoopEnd.removeAll() }
            return state.onLoopEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when no loop runs.
    func waitForLoopEnd() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.hasLoop { state.onLoopEnd.append(continuation) }
                return !state.hasLoop
            }
            if isOver { continuation.resume() }
        }
    }
}
