import FunctionModel

/// Decides what a line of a `stdio` handler means: one event in, one line out, one at a time.
struct StdioStateMachine {
    private enum State {
        case idle
        case running(InvocationID)
        /// Nobody waits for the line, but it must come before the next event goes in.
        case cancelled(InvocationID)
    }

    private var state = State.idle

    enum Line: Equatable {
        /// It is the result of this invocation, and the slot is free.
        case result(InvocationID)
        /// It came too late; the slot is free.
        case late(InvocationID)
        /// Nothing was running.
        case violation
    }

    /// The caller has an invocation; it has checked that nothing is running.
    mutating func invoke(_ id: InvocationID) {
        guard case .idle = state else { preconditionFailure("a stdio worker runs one invocation at a time") }
        state = .running(id)
    }

    mutating func cancel(_ id: InvocationID) {
        guard case .running(id) = state else { return }
        state = .cancelled(id)
    }

    /// A whole line has come.
    mutating func line() -> Line {
        switch state {
        case .idle: return .violation
        case .running(let id):
            state = .idle
            return .result(id)
        case .cancelled(let id):
            state = .idle
            return .late(id)
        }
    }

    var isRunning: Bool {
        switch state {
        case .idle: false
        case .running, .cancelled: true
        }
    }
}
