/// What the container engine says, by its command line.
package enum Docker {
    /// Throws when no engine answers: tests with containers fail then, they are never left out.
    package static func require() async throws {
        let outcome = try? await Program.run("docker", ["version", "--format", "{{.Server.Version}}"])
        guard let outcome, outcome.code == 0 else {
            throw TestFailure(
                "The container engine does not answer, so these tests cannot pass. Start it: deploy/test does. "
                    + (outcome?.errors ?? "There is no docker command."))
        }
    }

    /// The ids of all containers, stopped ones included, with this label.
    package static func containers(label: String) async throws -> [String] {
        let list = try await Program.check(
            "docker", ["ps", "--all", "--quiet", "--no-trunc", "--filter", "label=\(label)"])
        return list.text.split(separator: "\n").map(String.init)
    }

    package static func inspect(_ id: String) async throws -> JSONValue {
        try await Program.check("docker", ["inspect", id]).json[0]
    }

    package static func kill(_ id: String) async throws { try await Program.check("docker", ["kill", id]) }

    /// Removes all containers with this label.
    package static func remove(label: String) async throws {
        let ids = try await containers(label: label)
        guard !ids.isEmpty else { return }
        _ = try await Program.run("docker", ["rm", "--force"] + ids)
    }
}
