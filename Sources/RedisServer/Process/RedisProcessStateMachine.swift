/// Decides what is done for Glo's own Redis: looks whether an earlier controller's still runs, starts one, starts it
/// again whenever it ends, for ever, and ends it last. Moments are nanoseconds of the monotonic clock.
struct RedisProcessStateMachine: Equatable, Sendable {
    enum State: Equatable, Sendable {
        case stopped
        /// Somebody looks whether a server runs already.
        case adopting
        /// A process runs and does not answer yet.
        case starting
        /// It answers since that moment.
        case running(since: Int64)
        /// There is none until that moment.
        case backingOff(until: Int64)
        /// The process, or the search for one, is to end.
        case stopping
    }

    /// What to do now.
    enum Action: Equatable, Sendable {
        case none
        /// Look for a running server; answer with `foundNone`, `found` or `ended`.
        case look
        /// Start one; answer with `ended` when that fails.
        case start
        /// Watch the one that was found.
        case watch
        case announce
        /// Tell `timeCame` at that moment.
        case wait(until: Int64)
        /// End the process; answer with `ended`.
        case terminate
        /// All is over.
        case finish
    }

    static let firstPause: Int64 = 100_000_000
    static let longestPause: Int64 = 5_000_000_000
    /// After one that had answered: its next start will work too, and events wait for it.
    static let longestPauseAfterService: Int64 = 1_000_000_000
    /// A server that answered for so long did not fail at its start; the next pause is the first again.
    static let provenAfter: Int64 = 3_000_000_000

    private(set) var state = State.stopped
    /// In a row, without a proven run between them.
    private(set) var failures = 0
    private(set) var starts = 0
    private(set) var adoptions = 0
    /// Ends that nobody asked for.
    private(set) var ends = 0

    mutating func start() -> Action {
        guard case .stopped = state else { return .none }
        state = .adopting
        return .look
    }

    mutating func foundNone() -> Action {
        switch state {
        case .adopting:
            state = .starting
            starts += 1
            return .start
        case .stopping:
            state = .stopped
            return .finish
        case .stopped, .starting, .running, .backingOff: preconditionFailure("nobody looked")
        }
    }

    mutating func found() -> Action {
        switch state {
        case .adopting:
            state = .starting
            adoptions += 1
            return .watch
        case .stopping: return .terminate
        case .stopped, .starting, .running, .backingOff: preconditionFailure("nobody looked")
        }
    }

    mutating func answered(now: Int64) -> Action {
        switch state {
        case .starting:
            state = .running(since: now)
            return .announce
        // The answer came late.
        case .stopped, .adopting, .running, .backingOff, .stopping: return .none
        }
    }

    /// The process ended, or could not be started, or the search failed.
    mutating func ended(now: Int64) -> Action {
        switch state {
        case .running(let since):
            if now - since >= Self.provenAfter { failures = 0 }
            return backOff(now, longest: Self.longestPauseAfterService)
        case .adopting, .starting: return backOff(now, longest: Self.longestPause)
        case .stopping:
            state = .stopped
            return .finish
        case .stopped, .backingOff: preconditionFailure("no process ran")
        }
    }

    mutating func timeCame(now: Int64) -> Action {
        guard case .backingOff(let until) = state else { return .none }
        guard now >= until else { return .wait(until: until) }
        state = .adopting
        return .look
    }

    mutating func stop() -> Action {
        switch state {
        case .stopped, .backingOff:
            state = .stopped
            return .finish
        case .adopting:
            state = .stopping
            return .none
        case .starting, .running:
            state = .stopping
            return .terminate
        case .stopping: return .none
        }
    }

    private mutating func backOff(_ now: Int64, longest: Int64) -> Action {
        ends += 1
        let until = now + min(longest, Self.firstPause << Int64(min(failures, 16)))
        failures += 1
        state = .backingOff(until: until)
        return .wait(until: until)
    }
}
