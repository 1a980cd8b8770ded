/// Waits for something that will come to be true. A suite's time limit ends it, by cancelling, when it does not.
func waitUntil(_ condition: () async throws -> Bool) async throws {
    while try await !condition() {
        try Task.checkCancellation()
        await Task.yield()
    }
}
