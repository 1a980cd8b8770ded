import TestSupport

/// Asks Glo what became of the events.
struct FinalStates: Sendable {
    let http: HTTPClient
    let admin: HTTPClient

    /// Waits until nothing is ready, delayed or running. False when the time is over first.
    func waitUntilEmpty(seconds: Double) async throws -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(seconds)
        while clock.now < deadline {
            if let answer = try? await admin.get("/v1/queue", seconds: 5), answer.status == 200,
                let waiting = QueueDepth.total(in: answer.json, function: Preparation.function), waiting == 0
            {
                return true
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        return false
    }

    /// The states by invocation id; unknown ones are missing.
    func ask(_ ids: [String]) async throws -> [String: FinalState] {
        let parts = 16
        return try await withThrowingTaskGroup(of: [String: FinalState].self) { group in
            for part in 0..<parts {
                group.addTask {
                    var found: [String: FinalState] = [:]
                    for index in stride(from: part, to: ids.count, by: parts) {
                        found[ids[index]] = try await state(of: ids[index])
                    }
                    return found
                }
            }
            return try await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        }
    }

    private func state(of id: String) async throws -> FinalState? {
        for _ in 0..<40 {
            let answer = try? await http.get("/_/invocations/\(id)", seconds: 10)
            if let answer, answer.status == 200 { return FinalState(answer.json) }
            if let answer, answer.status == 404 { return nil }
            try await Task.sleep(for: .milliseconds(250))
        }
        throw TestFailure("the controller does not say what became of \(id)")
    }
}
