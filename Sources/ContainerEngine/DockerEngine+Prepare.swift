import CurlClient
import FunctionModel
import Synchronization

extension DockerEngine {
    package func prepare(
        progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> EngineDescription {
        try await call(
            EngineCall(path: "/_ping", deadline: .ping, isUnversioned: true), "/_ping")
        let answer = try await call(EngineCall(path: "/version", isUnversioned: true), "/version")
        let version = try EngineJSON.decode(EngineMessages.Version.self, from: answer.body)
        guard !Self.isPodman(version) else {
            throw EngineError(
                .notSupported, "The engine is Podman, which does not take Glo's containers as they are.",
                hint: "Install Docker 20.10 or later, and point DOCKER_HOST at its socket.")
        }
        guard let server = APIVersion(version.apiVersion) else {
            throw EngineError(.notSupported, "The engine names no API version.", cause: version.apiVersion)
        }
        connection.apiVersion = try APIVersion.negotiated(
            server: server, serverMinimum: version.minAPIVersion.flatMap { APIVersion($0) })
        let info = try EngineJSON.decode(
            EngineMessages.Info.self, from: try await call(EngineCall(path: "/info"), "/info").body)
        facts.withLock { facts in
            facts.processors = info.processors ?? 0
            facts.hasUnifiedCgroups = info.cgroupVersion == "2"
        }
        let image = try await ensureBaseImage(progress)
        var description = EngineDescription(
            name: "Docker \(version.version)", apiVersion: connection.apiVersion.description,
            baseImageName: baseImage.name, baseImageID: image, processors: info.processors ?? 0,
            memoryBytes: info.memoryBytes ?? 0, survivesEngineRestart: info.liveRestore ?? false,
            warnings: Self.warnings(info))
        description.isRootless = (info.securityOptions ?? []).contains {
            $0.hasPrefix("name=rootless") || $0.hasPrefix("name=userns")
        }
        return description
    }

    private static func isPodman(_ version: EngineMessages.Version) -> Bool {
        version.components?.contains { $0.name.lowercased().contains("podman") } ?? false
    }

    /// What weakens the isolation that the profile asks for.
    static func warnings(_ info: EngineMessages.Info) -> [String] {
        var warnings: [String] = []
        let options = info.securityOptions ?? []
        let isRootless = options.contains { $0.hasPrefix("name=rootless") }
        if isRootless, info.cgroupVersion == "1" {
            warnings.append(
                "The engine is rootless on cgroup v1, which ignores limits of memory, processors and processes. "
                    + "Use a host with cgroup v2, or an engine that runs as root.")
        } else {
            if info.memoryLimit == false {
                warnings.append("The engine cannot limit memory: enable the memory cgroup.")
            }
            if info.swapLimit == false {
                warnings.append(
                    "The engine cannot limit swap, so a function may use more than its memory: "
                        + "boot with swapaccount=1, or switch swap off.")
            }
            if info.processLimit == false {
                warnings.append("The engine cannot limit processes: enable the pids cgroup.")
            }
            if info.cpuQuota == false { warnings.append("The engine cannot limit processors: enable CFS quotas.") }
        }
        if info.securityOptions != nil, !options.contains(where: { $0.hasPrefix("name=seccomp") }) {
            warnings.append("The engine does not filter system calls: its host has no seccomp.")
        }
        if options.contains(where: { $0.hasPrefix("name=userns") }) {
            warnings.append(
                "The engine remaps users: a worker's user id on the host is not the one that Glo chose, "
                    + "so files and sockets of workers must be open to others.")
        }
        return warnings + (info.warnings ?? []).filter { !$0.isEmpty }
    }
}
