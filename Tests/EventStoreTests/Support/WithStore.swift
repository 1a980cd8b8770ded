import RedisTestSupport
import Testing

/// Runs a test against a Redis of its own, and looks afterwards whether everything is where it should be.
func withStore(
    _ arguments: [String] = [], checks: Bool = true, _ body: (StoreClient) async throws -> Void
) async throws {
    let server = try RedisServer(arguments)
    defer { server.stop() }
    let store = try await StoreClient(server, namespace: "test")
    do {
        try await body(store)
        if checks { try await Census(store).check() }
    } catch {
        try await store.close()
        throw error
    }
    try await store.close()
}

/// Runs a test against a Redis of its own to which it connects itself.
func withServer(_ arguments: [String] = [], _ body: (RedisServer) async throws -> Void) async throws {
    let server = try RedisServer(arguments)
    defer { server.stop() }
    try await body(server)
}
