/// Whoever starts, ends and describes containers. Safe to call from anywhere; no call outlives its deadline.
package protocol ContainerEngine: Sendable {
    var isolation: Isolation { get }

    /// False while the engine does not answer: `start` would fail at once with `unavailable`.
    var isAvailable: Bool { get }

    /// Finds out what the engine can do and makes the base image when it is missing. Call it once before `start`.
    func prepare(
        progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> EngineDescription

    /// Creates and starts a container; one that cannot be started is removed. Waits its turn when enough others start.
    /// - Parameter isFirst: goes before all others that wait.
    func start(_ spec: ContainerSpec, isFirst: Bool) async throws(EngineError) -> RunningContainer

    /// How a container ended; waits up to two seconds for it when it still runs.
    func exitReport(_ id: ContainerID) async throws(EngineError) -> ContainerExit

    /// Sends a signal to init. That the container is gone already is no failure.
    func kill(_ id: ContainerID, signal: Int32) async

    /// Ends and removes a container. That it is gone already is no failure.
    func remove(_ id: ContainerID) async throws(EngineError)

    /// Removes the containers of a namespace that another boot left, and this boot's that never started.
    /// - Precondition: the caller holds the lock of the namespace's state directory, so that every other boot is dead.
    /// - Returns: how many were removed.
    func removeStrays(
        namespace: String, keepingBoot: String, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> Int

    /// Pulls an image when the engine does not have it, telling how far it is.
    /// - Returns: its id, `sha256:…`, which goes on to mean the same image when the name is tagged anew.
    func ensureImage(
        _ name: String, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> String

    /// The names of users and groups that an image has.
    /// - Parameter labels: whose the container is that is made to look.
    func names(inImage image: String, for labels: ContainerLabels) async throws(EngineError) -> ImageNames

    /// The words of the command that starts the same container by hand.
    func commandLine(for spec: ContainerSpec) -> [String]

    /// What the kernel says right now; nil when the container is gone.
    func memory(of container: RunningContainer) -> MemoryReading?

    /// The bytes in use of ``memory(of:)`` at the least cost: a number up to `enough` may be too high. Nil when the
    /// container is gone, or has no limit that it could meet.
    func usage(of container: RunningContainer, enough: Int) -> Int?

    /// The same of its processes; nil also where they are not counted.
    func processes(of container: RunningContainer) -> ProcessCount?
}

extension ContainerEngine {
    /// Starts a container when it is its turn.
    package func start(_ spec: ContainerSpec) async throws(EngineError) -> RunningContainer {
        try await start(spec, isFirst: false)
    }

    package func processes(of container: RunningContainer) -> ProcessCount? { nil }

    package func names(inImage image: String, for labels: ContainerLabels) async throws(EngineError) -> ImageNames {
        ImageNames()
    }

    /// ``commandLine(for:)`` quoted for a shell, an option a line.
    package func shellCommand(for spec: ContainerSpec) -> String {
        ShellQuoting.command(commandLine(for: spec))
    }
}
