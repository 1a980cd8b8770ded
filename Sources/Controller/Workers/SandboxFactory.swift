import CLinux
import ContainerEngine
import FunctionModel
import Glibc
import InitLink
import LinuxSystem
import Logging
import Observability

/// Makes sandboxes: a directory of their own, a socket for init, a container.
struct SandboxFactory: Sendable {
    let engine: any ContainerEngine
    let hub: InitHub
    /// `<state>/run/<boot>`.
    let directory: String
    let initPath: String
    /// Where the loaders are on this host.
    let runtimeDirectory: String
    let namespace: String
    let boot: String
    let logger: Logger
    /// Each container has a user id of its own, so that even a shared resource would tell them apart.
    private let users: WorkerUsers

    init(
        engine: any ContainerEngine, hub: InitHub, directory: String, initPath: String, runtimeDirectory: String,
        namespace: String, boot: String, logger: Logger
    ) {
        self.engine = engine
        self.hub = hub
        self.directory = directory
        self.initPath = initPath
        self.runtimeDirectory = runtimeDirectory
        self.namespace = namespace
        self.boot = boot
        self.logger = logger
        users = WorkerUsers(namespace: namespace)
    }

    /// Init may take half a minute to connect after its container was started: a small machine that is busy needs many
    /// seconds for a start. In between the engine is asked whether the container still runs, which takes 2 s if it does.
    private static let connectRounds = 5
    private static let connectRoundMilliseconds = 4_000

    /// Makes a sandbox whose init is connected and waits for its command.
    /// - Parameters:
    ///   - number: counts the sandboxes of this boot.
    ///   - isFirst: goes before others that wait for their start.
    func make(
        key: SandboxKey, number: Int, isFirst: Bool, onSpareClosed: @escaping @Sendable (Sandbox) -> Void
    ) async throws(EngineError) -> Sandbox {
        let sandbox = Sandbox(
            id: ContainerID("glo-\(namespace)-\(boot)-\(number)"), key: key, directory: "\(directory)/\(number)",
            onSpareClosed: onSpareClosed)
        do {
            try sandbox.makeDirectories()
            try sandbox.listen(on: hub)
        } catch {
            sandbox.removeDirectories()
            throw EngineError(.other, "the directory of a container cannot be made", cause: "\(error)")
        }
        do throws(EngineError) {
            try await writeNames(of: sandbox, number: number)
            sandbox.containerStarted(try await engine.start(spec(of: sandbox, number: number), isFirst: isFirst))
            try await awaitInit(of: sandbox)
            return sandbox
        } catch {
            if error.code == .unavailable || error.code == .timedOut {
                // The removal will hang as the start did; who waits for the sandbox need not wait for that too.
                Task { await discard(sandbox) }
            } else {
                await discard(sandbox)
            }
            throw error
        }
    }

    /// Ends a sandbox and removes all that it had. An engine that does not answer is asked again at the next boot.
    func discard(_ sandbox: Sandbox) async {
        sandbox.close()
        do throws(EngineError) {
            try await engine.remove(sandbox.id)
        } catch {
            logger.warning(
                "A container could not be removed; the next start of the controller tries again",
                metadata: ["container": "\(sandbox.id)", "reason": "\(error)"])
        }
        sandbox.removeDirectories()
    }

    /// Waits for init's hello as long as the container runs, and says why none came.
    private func awaitInit(of sandbox: Sandbox) async throws(EngineError) {
        for _ in 0..<Self.connectRounds {
            if await sandbox.waitForInit(milliseconds: Self.connectRoundMilliseconds) { return }
            let exit: ContainerExit
            do throws(EngineError) {
                exit = try await engine.exitReport(sandbox.id)
            } catch {
                guard error.code == .stillRunning else { throw error }
                continue
            }
            guard exit.exitCode != Int(GLO_EXIT_NO_FILTER) else {
                throw EngineError(
                    .notSupported, "This host's kernel cannot filter system calls, and no function runs without that.",
                    hint: "Boot a kernel with CONFIG_SECCOMP_FILTER; every distribution's has it.")
            }
            throw EngineError(
                .other, "a container ended with code \(exit.exitCode) before its init program had connected",
                hint: "Look whether \(initPath) is the static binary that was built together with glo, and into the "
                    + "engine's log (`journalctl -u docker`).", cause: exit.engineMessage)
        }
        throw EngineError(
            .timedOut, "the init program of a container that runs did not connect in half a minute",
            hint: "See whether this host has too much to do, and the engine's log (`journalctl -u docker`).")
    }

    private func spec(of sandbox: Sandbox, number: Int) -> ContainerSpec {
        spec(
            id: sandbox.id, key: sandbox.key, number: number, taskDirectory: sandbox.taskDirectory,
            directory: sandbox.directory)
    }

    /// What a container for this version would be made of, for people to read and repeat.
    func exampleSpec(key: SandboxKey, version: FunctionVersion) -> ContainerSpec {
        spec(
            id: ContainerID("glo-\(namespace)-\(version.name)"), key: key, number: 0,
            taskDirectory: version.filesPath, directory: "\(directory)/0")
    }

    private func spec(
        id: ContainerID, key: SandboxKey, number: Int, taskDirectory: String, directory: String
    ) -> ContainerSpec {
        // An image may have files of its own where Lambda's runtimes are.
        let loaders = key.image == nil ? LoaderDirectory.builtIn : LoaderDirectory.inImages
        let mounts = [
            ReadOnlyMount(source: runtimeDirectory, target: loaders),
            ReadOnlyMount(source: Sandbox.passwdFile(in: directory), target: "/etc/passwd"),
            ReadOnlyMount(source: Sandbox.groupFile(in: directory), target: "/etc/group"),
        ]
        return ContainerSpec(
            id: id, image: key.image, uid: users.uid(of: number), limits: key.limits, network: key.network,
            taskDirectory: taskDirectory, controlDirectory: "\(directory)/ctl", initPath: initPath,
            labels: labels, mounts: mounts)
    }

    private var labels: ContainerLabels { ContainerLabels(namespace: namespace, boot: boot) }

    /// The worker's user has a name, beside those that an image has.
    private func writeNames(of sandbox: Sandbox, number: Int) async throws(EngineError) {
        var names = UserNames(uid: users.uid(of: number))
        if let image = sandbox.key.image { names.image = try await engine.names(inImage: image, for: labels) }
        do throws(ControllerError) {
            try sandbox.writeNames(names)
        } catch {
            throw EngineError(.other, "the files of a container cannot be made", cause: "\(error)")
        }
    }
}
