/// What keeps functions apart from each other and from the host.
package enum Isolation: String, Sendable, Hashable, CaseIterable {
    /// Containers of a Docker-compatible engine.
    case docker
    /// Plain child processes: for development, never a fallback.
    case process
}
