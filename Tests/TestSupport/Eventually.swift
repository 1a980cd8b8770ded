/// Looks again and again at something outside that gives no sign, such as the engine's list of containers.
package func eventually(
    _ what: String, seconds: Double = 10, _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while true {
        if try await condition() { return }
        guard clock.now < deadline else { throw TestFailure("not within \(seconds) s: \(what)") }
        try await Task.sleep(for: .milliseconds(25))
    }
}
