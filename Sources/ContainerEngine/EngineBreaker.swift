/// Decides whether calls reach the engine. After a few failures in a row none do until a probe was answered, so that a
/// hanging engine costs its callers nothing. Only transport failures count: an error status is an answer.
struct EngineBreaker: Equatable {
    enum State: Equatable {
        /// Calls go through; so many in a row failed.
        case closed(failures: Int)
        /// Calls fail at once; the next probe is scheduled. So many probes failed.
        case open(failedProbes: Int)
        /// Calls fail at once; a probe is under way.
        case probing(failedProbes: Int)
    }

    enum Event: CaseIterable {
        /// A call was answered.
        case callSucceeded
        /// A call could not connect, lost its connection or was not answered in time.
        case callFailed
        /// The time of a scheduled probe has come.
        case probeDue
        case probeSucceeded
        case probeFailed
    }

    enum Action: Equatable {
        case none
        /// Calls fail from now on.
        case open(probeAfterMilliseconds: Int)
        /// Send `probeDue` after this time.
        case wait(probeAfterMilliseconds: Int)
        /// Ask the engine for a sign of life and tell how it went.
        case probe
        /// Calls go through again.
        case close
    }

    private(set) var state = State.closed(failures: 0)
    let threshold: Int
    let firstBackoffMilliseconds: Int
    let maxBackoffMilliseconds: Int

    init(threshold: Int = 3, firstBackoffMilliseconds: Int = 250, maxBackoffMilliseconds: Int = 2_000) {
        precondition(threshold > 0 && firstBackoffMilliseconds > 0)
        self.threshold = threshold
        self.firstBackoffMilliseconds = firstBackoffMilliseconds
        self.maxBackoffMilliseconds = max(firstBackoffMilliseconds, maxBackoffMilliseconds)
    }

    /// True when a call may go to the engine now.
    var admitsCalls: Bool {
        switch state {
        case .closed: true
        case .open, .probing: false
        }
    }

    mutating func event(_ event: Event) -> Action {
        switch (state, event) {
        case (.closed, .callSucceeded), (.closed, .probeSucceeded):
            state = .closed(failures: 0)
            return .none
        case (.closed(let failures), .callFailed), (.closed(let failures), .probeFailed):
            guard failures + 1 >= threshold else {
                state = .closed(failures: failures + 1)
                return .none
            }
            state = .open(failedProbes: 0)
            return .open(probeAfterMilliseconds: backoff(0))
        case (.closed, .probeDue):
            // Scheduled before a late answer closed the breaker.
            return .none
        case (.open, .callSucceeded), (.probing, .callSucceeded), (.open, .probeSucceeded), (.probing, .probeSucceeded):
            // A late answer is as good a sign of life as a probe's.
            state = .closed(failures: 0)
            return .close
        case (.open, .callFailed), (.probing, .callFailed), (.open, .probeFailed):
            return .none
        case (.open(let failed), .probeDue):
            state = .probing(failedProbes: failed)
            return .probe
        case (.probing, .probeDue):
            return .none
        case (.probing(let failed), .probeFailed):
            state = .open(failedProbes: failed + 1)
            return .wait(probeAfterMilliseconds: backoff(failed + 1))
        }
    }

    /// Doubles with each probe that failed.
    private func backoff(_ failedProbes: Int) -> Int {
        min(maxBackoffMilliseconds, firstBackoffMilliseconds << min(failedProbes, 16))
    }
}
