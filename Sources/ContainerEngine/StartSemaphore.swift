import Synchronization

/// Lets a fixed number of tasks in at once, in the order in which they came but for those that go first; a cancelled one
/// leaves the queue.
package final class StartSemaphore: Sendable {
    private struct Waiter {
        let ticket: UInt64
        let isFirst: Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: Int
        var nextTicket: UInt64 = 0
        var waiters: [Waiter] = []
        /// Cancelled before they were in the queue.
        var cancelled: Set<UInt64> = []
    }

    private let state: Mutex<State>

    package init(permits: Int) { state = Mutex(State(free: max(1, permits))) }

    /// Waits for a permit; each call that returns is followed by one ``release()``.
    /// - Parameter isFirst: goes before all that wait and did not say so.
    /// - Throws: `cancelled` when the task is cancelled before its turn.
    package func acquire(isFirst: Bool = false) async throws(EngineError) {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enter(Waiter(ticket: ticket, isFirst: isFirst, continuation: continuation))
            }
        } onCancel: {
            leave(ticket)
        }
        // The handler may have come too late for the queue and left its mark.
        _ = state.withLock { $0.cancelled.remove(ticket) }
        guard isIn else { throw EngineError(.cancelled, "Nobody waits for this container any more.") }
    }

    package func release() {
        let next = state.withLock { state -> Waiter? in
            guard !state.waiters.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }

    /// Tasks that wait now.
    package var waiting: Int { state.withLock { $0.waiters.count } }

    private func enter(_ waiter: Waiter) {
        let answer = state.withLock { state -> Bool? in
            if state.cancelled.remove(waiter.ticket) != nil { return false }
            if state.free > 0, state.waiters.isEmpty {
                state.free -= 1
                return true
            }
            let place = waiter.isFirst ? state.waiters.firstIndex { !$0.isFirst } : nil
            state.waiters.insert(waiter, at: place ?? state.waiters.endIndex)
            return nil
        }
        if let answer { waiter.continuation.resume(returning: answer) }
    }

    private func leave(_ ticket: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.ticket == ticket }) else {
                state.cancelled.insert(ticket)
                return nil
            }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: false)
    }
}
