import FunctionModel

extension ContainerProfile {
    /// The body of `POST /containers/create`.
    var createRequest: CreateContainerRequest {
        var labels: [String: String] = [:]
        for label in spec.labels.pairs { labels[label.key] = label.value }
        return CreateContainerRequest(
            image: image, entrypoint: Array(program.prefix(1)), cmd: Array(program.dropFirst()), user: user,
            workingDir: "/", labels: labels, healthcheck: .init(test: ["NONE"]), hostConfig: hostConfig)
    }

    private var hostConfig: CreateContainerRequest.HostConfig {
        var tmpfs: [String: String] = [:]
        for system in memoryFileSystems { tmpfs[system.target] = system.options }
        return CreateContainerRequest.HostConfig(
            networkMode: networkMode, tmpfs: tmpfs,
            pidsLimit: spec.limits.processes, memory: memoryBytes, memorySwap: memoryBytes,
            nanoCpus: cpuMillis * 1_000_000,
            ulimits: [
                .init(name: "nofile", soft: Self.openFiles, hard: Self.openFiles),
                .init(name: "core", soft: 0, hard: 0),
            ],
            mounts: mounts.map { .init(source: $0.source, target: $0.target) },
            securityOpt: [Self.noNewPrivileges], oomScoreAdj: Self.outOfMemoryScore)
    }
}
