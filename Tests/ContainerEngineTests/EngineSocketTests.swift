import Testing

@testable import ContainerEngine

@Suite struct EngineSocketTests {
    @Test(
        "DOCKER_HOST goes first, then the usual places in their order",
        arguments: [
            (["DOCKER_HOST": "unix:///x/y.sock"], [], "/x/y.sock"),
            (["XDG_RUNTIME_DIR": "/run/user/1"], ["/run/user/1/docker.sock"], "/run/user/1/docker.sock"),
            ([:], ["/run/podman/podman.sock"], "/var/run/docker.sock"),
            (["DOCKER_HOST": ""], [], "/var/run/docker.sock"),
        ] as [([String: String], [String], String)])
    func locate(_ environment: [String: String], _ existing: [String], _ expected: String) throws {
        #expect(try EngineSocket.locate(environment: environment, exists: existing.contains) == expected)
    }

    @Test("An engine that is not on this host is refused", arguments: ["tcp://10.0.0.1:2375", "ssh://a@b", "unix://x"])
    func elsewhere(_ host: String) {
        #expect(throws: EngineError.self) { try EngineSocket.locate(environment: ["DOCKER_HOST": host]) }
    }
}
