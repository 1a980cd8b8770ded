import FunctionModel
import Glibc
import LinuxSystem
import Synchronization

/// Runs init as a plain child process, for development: handlers are this user's processes, with its files, its network
/// and no limits. Nothing keeps them apart.
package final class ProcessEngine: ContainerEngine {
    /// A child that was not given up yet. It is not reaped before somebody looks, so its id stays its own.
    private struct Child: Sendable {
        var processID: pid_t
        /// Set once it was reaped.
        var status: Int32?
    }

    package let isolation = Isolation.process
    package let isAvailable = true
    private let children = Mutex<[ContainerID: Child]>([:])
    private let stopMilliseconds: Int

    /// - Parameter stopMilliseconds: between SIGTERM and SIGKILL.
    package init(stopMilliseconds: Int = 2_000) { self.stopMilliseconds = stopMilliseconds }

    package func prepare(
        progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> EngineDescription {
        EngineDescription(
            name: "processes of this host", apiVersion: nil, baseImageName: nil, baseImageID: nil, processors: 0,
            memoryBytes: 0, survivesEngineRestart: true,
            warnings: [
                "Process isolation: handlers run as this user, see its files and network, and have no limits. "
                    + "For development only; use --isolation docker for anything else."
            ])
    }

    package func start(_ spec: ContainerSpec, isFirst: Bool) async throws(EngineError) -> RunningContainer {
        guard spec.image == nil else {
            throw EngineError(
                .badConfiguration, "Process isolation has no images, and the function asks for one.",
                hint: "Leave `image` out of function.yaml, or use --isolation docker.")
        }
        guard children.withLock({ $0[spec.id] == nil }) else {
            throw EngineError(.nameInUse, "There is a process named \(spec.id) already.")
        }
        do throws(SystemError) {
            let processID = try SpawnedProgram.spawn(
                spec.initPath, arguments: words(for: spec), environment: ["PATH=/usr/local/bin:/usr/bin:/bin"],
                input: .null, output: .null, error: .descriptor(2))
            children.withLock { $0[spec.id] = Child(processID: processID) }
            return RunningContainer(id: spec.id, engineID: String(processID), processID: processID)
        } catch {
            throw EngineError(
                .commandNotFound, "\(spec.initPath) cannot be started.",
                hint: "See that glo-init lies there and is an executable file.", cause: error.description)
        }
    }

    package func exitReport(_ id: ContainerID) async throws(EngineError) -> ContainerExit {
        guard let status = try await waitForEnd(id, milliseconds: 2_000) else {
            throw EngineError(.stillRunning, "\(id) still runs.", hint: "Remove it.")
        }
        // wait(2): the low seven bits are the signal, the next byte the exit code.
        let signal = Int(status & 0x7F)
        return ContainerExit(exitCode: signal == 0 ? Int(status >> 8) & 0xFF : 128 + signal, isOutOfMemory: false)
    }

    package func kill(_ id: ContainerID, signal: Int32) async {
        children.withLock { children in
            guard let child = children[id], child.status == nil else { return }
            _ = Glibc.kill(child.processID, signal)
        }
    }

    package func remove(_ id: ContainerID) async throws(EngineError) {
        guard children.withLock({ $0[id] != nil }) else { return }
        await kill(id, signal: SIGTERM)
        // A cancelled caller must not leave a process behind.
        await Task {
            if (try? await waitForEnd(id, milliseconds: stopMilliseconds)) ?? nil == nil {
                killAll(id)
                _ = try? await waitForEnd(id, milliseconds: 5_000)
            }
        }.value
        _ = children.withLock { $0.removeValue(forKey: id) }
    }

    /// An init whose controller is gone ends by itself: its control connection is closed.
    package func removeStrays(
        namespace: String, keepingBoot: String, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> Int { 0 }

    package func ensureImage(
        _ name: String, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> String {
        throw EngineError(
            .badConfiguration, "Process isolation has no images, and \(name) is asked for.",
            hint: "Leave `image` out of function.yaml, or use --isolation docker.")
    }

    package func commandLine(for spec: ContainerSpec) -> [String] { words(for: spec) }

    package func memory(of container: RunningContainer) -> MemoryReading? {
        guard let root = container.processID,
            children.withLock({ $0[container.id]?.processID == root && $0[container.id]?.status == nil })
        else { return nil }
        let members = ProcessTree.members(of: root)
        let current = members.reduce(0) { $0 + (ProcessTree.bytes("VmRSS", of: $1) ?? 0) }
        guard current > 0 else { return nil }
        let peak = members.reduce(0) { $0 + (ProcessTree.bytes("VmHWM", of: $1) ?? 0) }
        return MemoryReading(currentBytes: current, peakBytes: peak, outOfMemoryKills: 0)
    }

    /// Nothing limits a process.
    package func usage(of container: RunningContainer, enough: Int) -> Int? { nil }

    private func words(for spec: ContainerSpec) -> [String] {
        [spec.initPath, "\(spec.controlDirectory)/init.sock", "process"]
    }

    /// Everything that came from the child, since init did not end its children itself.
    private func killAll(_ id: ContainerID) {
        children.withLock { children in
            guard let child = children[id], child.status == nil else { return }
            ProcessTree.kill(child.processID)
        }
    }

    /// The child's wait status, or nil when it still runs after that time.
    private func waitForEnd(_ id: ContainerID, milliseconds: Int) async throws(EngineError) -> Int32? {
        let began = MonotonicTime.now()
        var pause = 2
        while true {
            guard let state = reap(id) else {
                throw EngineError(.containerNotFound, "There is no process named \(id).")
            }
            if let status = state.status { return status }
            guard MonotonicTime.now().milliseconds(since: began) < milliseconds else { return nil }
            do {
                try await Task.sleep(for: .milliseconds(pause))
            } catch {
                throw EngineError(.cancelled, "Nobody waits for the end of \(id) any more.")
            }
            pause = min(50, pause * 2)
        }
    }

    /// Looks once whether the child ended; nil when there is no such child.
    private func reap(_ id: ContainerID) -> Child? {
        children.withLock { children in
            guard var child = children[id] else { return nil }
            var status: Int32 = 0
            if child.status == nil, waitpid(child.processID, &status, WNOHANG) == child.processID {
                child.status = status
                children[id] = child
            }
            return child
        }
    }
}
