/// What can be set about a Docker engine; the defaults are for real use.
package struct DockerEngineSettings: Sendable {
    /// Path of the engine's Unix socket, from ``EngineSocket/locate(environment:exists:)``.
    package var socketPath: String
    /// Containers that may be on their way up at once: starts cost processor time, which warm traffic needs too.
    package var concurrentStarts: Int
    /// Transport failures in a row after which calls fail at once.
    package var failuresUntilUnavailable = 3
    /// Milliseconds from there to the first probe; doubles up to the maximum.
    package var firstProbeMilliseconds = 250
    package var maxProbeMilliseconds = 2_000
    package var deadlines = EngineDeadlines()
    /// What the base image shows of the host.
    package var layout: HostLayout

    /// - Parameter processors: of this host.
    package init(socketPath: String, processors: Int, layout: HostLayout = .probe()) {
        self.socketPath = socketPath
        self.concurrentStarts = max(1, min(3, processors))
        self.layout = layout
    }
}
