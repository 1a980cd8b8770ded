import FunctionModel

extension ContainerProfile {
    /// How a command line says that a mount leaves out what is mounted below it.
    enum MountSyntax: Sendable {
        /// Since 20.10.
        case nonRecursive
        /// Since 25.0, which deprecates the other.
        case recursiveDisabled
    }

    /// The words of `docker run` that make the same container.
    func commandLine(_ syntax: MountSyntax) -> [String] {
        var words = ["docker", "run", "--detach", "--name", spec.id.rawValue]
        for label in spec.labels.pairs { words += ["--label", "\(label.key)=\(label.value)"] }
        words += ["--network", networkMode, "--read-only"]
        for system in memoryFileSystems { words += ["--tmpfs", "\(system.target):\(system.options)"] }
        words += ["--user", user, "--cap-drop", "ALL", "--security-opt", Self.noNewPrivileges]
        words += ["--pids-limit", String(spec.limits.processes)]
        words += ["--memory", String(memoryBytes), "--memory-swap", String(memoryBytes)]
        words += ["--cpus", Self.cpus(cpuMillis)]
        words += ["--ulimit", "nofile=\(Self.openFiles):\(Self.openFiles)", "--ulimit", "core=0:0"]
        words += ["--ipc", "none", "--log-driver", "none", "--restart", "no"]
        words += ["--oom-score-adj", String(Self.outOfMemoryScore), "--no-healthcheck", "--workdir", "/"]
        for mount in mounts { words += ["--mount", Self.word(for: mount, syntax)] }
        words += ["--entrypoint", program[0], image]
        return words + program.dropFirst()
    }

    /// Decimal processors, such as `0.500`.
    private static func cpus(_ millis: Int) -> String {
        let fraction = String(millis % 1000)
        return "\(millis / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    /// The value of `--mount` is a line of CSV: a field with a comma or a quote stands in quotes.
    private static func word(for mount: ReadOnlyMount, _ syntax: MountSyntax) -> String {
        let recursion =
            switch syntax {
            case .nonRecursive: "bind-nonrecursive"
            case .recursiveDisabled: "bind-recursive=disabled"
            }
        let fields = ["type=bind", "source=\(mount.source)", "target=\(mount.target)", "readonly", recursion]
        return fields.map(csvField).joined(separator: ",")
    }

    private static func csvField(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
