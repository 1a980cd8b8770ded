import FunctionModel

/// Lets somebody wait until a version serves or has been refused.
actor Deployments {
    enum Outcome: Sendable {
        case active
        case refused(InvocationFailure)
        case timedOut
    }

    /// Somebody who is interested in a function; what happens to it meanwhile is kept for them.
    private struct Watch {
        let function: FunctionName
        var outcomes: [Int: Outcome] = [:]
        var waiter: (number: Int, continuation: CheckedContinuation<Outcome, Never>)?
    }

    private var watches: [UInt64: Watch] = [:]
    private var nextTicket: UInt64 = 0

    /// Begins to note what becomes of a function's versions; ends with ``outcome(_:of:milliseconds:)`` or ``forget(_:)``.
    func watch(_ function: FunctionName) -> UInt64 {
        nextTicket += 1
        watches[nextTicket] = Watch(function: function)
        return nextTicket
    }

    func forget(_ ticket: UInt64) { watches[ticket] = nil }

    /// What has become of a version since the ticket was taken, or will within the time.
    func outcome(_ ticket: UInt64, of number: Int, milliseconds: Int) async -> Outcome {
        defer { forget(ticket) }
        if let outcome = watches[ticket]?.outcomes[number] { return outcome }
        let timer = Task {
            try? await Task.sleep(for: .milliseconds(milliseconds))
            settle(ticket, .timedOut)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { watches[ticket]?.waiter = (number, $0) }
    }

    func settled(_ version: FunctionVersion, _ outcome: Outcome) {
        for (ticket, watch) in watches where watch.function == version.name {
            watches[ticket]?.outcomes[version.number] = outcome
            if watch.waiter?.number == version.number { settle(ticket, outcome) }
        }
    }

    private func settle(_ ticket: UInt64, _ outcome: Outcome) {
        let waiter = watches[ticket]?.waiter
        watches[ticket]?.waiter = nil
        waiter?.continuation.resume(returning: outcome)
    }
}
