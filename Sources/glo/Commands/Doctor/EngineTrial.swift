import ContainerEngine
import FunctionModel
import Glibc
import HostChecks
import Logging

/// Starts one container as a worker's is and removes it: what an engine says of itself does not tell whether it can.
enum EngineTrial {
    static func run(environment: [String: String]) async -> EngineTrialOutcome {
        guard let directory = makeDirectory() else {
            return .failed(reason: "no directory for it can be made below /tmp", fix: "See that /tmp can be written.")
        }
        defer { removeDirectory(directory) }
        let initPath: String
        do {
            initPath = try ServeSettings.initPath()
        } catch {
            return .failed(reason: "\(error)", fix: "Install glo-init beside glo.")
        }
        do throws(EngineError) {
            let engine = try engine(environment)
            _ = try await engine.prepare { _ in }
            let clock = ContinuousClock()
            let start = clock.now
            let container = try await engine.start(spec(directory, initPath))
            let took = (clock.now - start) / .milliseconds(1)
            try await engine.remove(container.id)
            return .started(milliseconds: Int(took))
        } catch {
            let cause = error.cause.map { " (\($0))" } ?? ""
            return .failed(reason: error.message + cause, fix: error.hint)
        }
    }

    private static func engine(_ environment: [String: String]) throws(EngineError) -> DockerEngine {
        var settings = DockerEngineSettings(
            socketPath: try EngineSocket.locate(environment: environment),
            processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        // Somebody sits there and waits.
        settings.deadlines.start = 30_000
        return DockerEngine(settings: settings, logger: Logger(label: "glo") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Nobody listens for its init, which ends at once.
    private static func spec(_ directory: String, _ initPath: String) -> ContainerSpec {
        let boot = String(UInt32.random(in: .min ... .max), radix: 16)
        return ContainerSpec(
            id: ContainerID("glo-doctor-\(boot)"), uid: 65_534, taskDirectory: "\(directory)/task",
            controlDirectory: "\(directory)/ctl", initPath: initPath,
            labels: ContainerLabels(namespace: "doctor", boot: boot))
    }

    private static func makeDirectory() -> String? {
        var template = Array("/tmp/glo-doctor-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        let path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for name in ["task", "ctl"] { guard mkdir("\(path)/\(name)", 0o755) == 0 else { return nil } }
        return path
    }

    private static func removeDirectory(_ path: String) {
        for name in ["/task", "/ctl", ""] { rmdir(path + name) }
    }
}
