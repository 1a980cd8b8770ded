import CurlClient
import Foundation
import FunctionModel
import Glibc
import Logging

@testable import ContainerEngine

/// The real engine of this host with a namespace of the test's own. A missing engine fails the tests that use it.
struct DockerFixture: Sendable {
    let engine: DockerEngine
    let namespace: String
    let directory: TemporaryDirectory

    static let boot = "boot-1"

    /// Runs a test and removes all containers of its namespace, whether it fails or not.
    static func run(_ body: (DockerFixture) async throws -> Void) async throws {
        let fixture = try DockerFixture()
        _ = try await fixture.engine.prepare { _ in }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(fixture))
        } catch {
            result = .failure(error)
        }
        _ = try await fixture.engine.removeStrays(namespace: fixture.namespace, keepingBoot: "", progress: { _ in })
        try result.get()
    }

    init(layout: HostLayout = .probe()) throws {
        let path = try EngineSocket.locate(environment: ProcessInfo.processInfo.environment)
        engine = DockerEngine(
            settings: DockerEngineSettings(socketPath: path, processors: 2, layout: layout),
            logger: Logger(label: "test"))
        namespace = "test-\(UInt64.random(in: 0...UInt64.max))"
        directory = TemporaryDirectory()
    }

    /// A container whose init is a script.
    /// - Parameter boot: the boot in its labels.
    func spec(
        _ script: String, name: String = "a", boot: String = boot, network: Network = .none, image: String? = nil
    ) throws -> ContainerSpec {
        let home = directory.makeDirectory(name)
        directory.makeDirectory("\(name)/task")
        directory.makeDirectory("\(name)/ctl")
        try directory.write("\(name)/task/hello.txt", "hello from the task\n")
        let initPath = try directory.write("\(name)/init", script, mode: 0o755)
        var limits = Limits()
        limits.memoryBytes = 64 << 20
        limits.cpuMillis = 500
        limits.processes = 64
        limits.temporaryBytes = 8 << 20
        return ContainerSpec(
            id: ContainerID("glo-\(namespace)-\(name)"), image: image, uid: 70_001, limits: limits, network: network,
            taskDirectory: "\(home)/task", controlDirectory: "\(home)/ctl", initPath: initPath,
            labels: ContainerLabels(namespace: namespace, boot: boot, function: "hello", version: 3))
    }

    static let sleeping = "#!/bin/sh\nexec sleep 1000\n"

    /// What the engine says about one of its things, as JSON.
    func engineJSON(_ path: String) async throws -> [String: Any] {
        let response = try await engine.call(EngineCall(path: path), path)
        return try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
    }
}
