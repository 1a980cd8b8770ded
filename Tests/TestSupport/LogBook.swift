import Synchronization

/// The lines that a process has written so far, and whoever waits for one.
package final class LogBook: Sendable {
    private struct Waiter: Sendable {
        var predicate: @Sendable (LogLine) -> Bool
        var continuation: CheckedContinuation<LogLine?, Never>
    }

    private struct State {
        var lines: [LogLine] = []
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    package var lines: [LogLine] { state.withLock(\.lines) }
    package var count: Int { state.withLock { $0.lines.count } }

    func append(_ text: String) {
        let line = LogLine(text)
        let matching: [Waiter] = state.withLock { state in
            state.lines.append(line)
            let ids = state.waiters.filter { $0.value.predicate(line) }.map(\.key)
            return ids.compactMap { state.waiters.removeValue(forKey: $0) }
        }
        for waiter in matching { waiter.continuation.resume(returning: line) }
    }

    /// No more will come.
    func close() {
        let waiters: [Waiter] = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
    }

    /// The first line from index `start` on that fits; nil when the time passed or the process ended.
    package func line(
        from start: Int = 0, seconds: Double, where predicate: @escaping @Sendable (LogLine) -> Bool
    ) async -> LogLine? {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let limit = Task {
            try await Task.sleep(for: .seconds(seconds))
            giveUp(id)
        }
        defer { limit.cancel() }
        return await withCheckedContinuation { continuation in
            let (isDecided, line): (Bool, LogLine?) = state.withLock { state in
                if let line = state.lines.dropFirst(start).first(where: predicate) { return (true, line) }
                if state.isClosed { return (true, nil) }
                state.waiters[id] = Waiter(predicate: predicate, continuation: continuation)
                return (false, nil)
            }
            if isDecided { continuation.resume(returning: line) }
        }
    }

    private func giveUp(_ id: Int) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
        waiter?.continuation.resume(returning: nil)
    }
}
