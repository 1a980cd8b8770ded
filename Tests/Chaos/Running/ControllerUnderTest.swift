import CLinux
import Glibc
import TestSupport

/// `glo serve` on one directory and port. It is started again whenever it ends, until `stop`.
actor ControllerUnderTest {
    /// `host:port` of the public listener.
    nonisolated let address: String
    private let directory: ChaosDirectory
    private let settings: ChaosSettings
    private var child: ChildProcess?
    private var isStopping = false
    /// Ends that nobody here caused: exit codes or negative signals.
    private(set) var unexpectedEnds: [Int32] = []

    init(_ directory: ChaosDirectory, _ settings: ChaosSettings) throws {
        self.directory = directory
        self.settings = settings
        guard let port = Self.freePort() else { throw TestFailure("no free TCP port") }
        address = "127.0.0.1:\(port)"
    }

    /// A port that nothing listens on, outside of the range that clients are given: a client that knocks at a port of
    /// that range while the controller is down may be given the very port, connect to itself, and keep the controller
    /// from listening there again.
    private static func freePort() -> UInt16? {
        for _ in 0..<100 {
            let port = UInt16.random(in: 20_000..<32_000)
            var isConnected = false
            let descriptor = clinux_connect_loopback(port, &isConnected)
            guard descriptor >= 0 else { return port }
            // The loopback interface answers at once.
            let error = clinux_socket_error(descriptor)
            close(descriptor)
            if error == ECONNREFUSED { return port }
        }
        return nil
    }

    func start() throws {
        var words = [
            "serve", "--functions", directory.functions.path, "--state", directory.state, "--listen", address,
            "--isolation", settings.isolation.rawValue, "--log-format", "json", "--log-level", "info",
            "--max-connections-per-address", "2000",
        ]
        // The default is left unsaid.
        if settings.sync != .always { words += ["--redis-appendfsync", settings.sync.rawValue] }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let started = try ChildProcess(
            "/bin/sh", ["-c", "exec \"$@\" >>'\(directory.log)' 2>&1", "sh", settings.glo] + words,
            environment: ["PATH": "\(directory.programs):\(path)"], directory: directory.path)
        child = started
        Task { await self.watch(started) }
    }

    /// Kills it. The record still lacks its successor.
    func kill(as kind: KillKind) async throws -> KillRecord {
        guard let victim = child, victim.exitCode == nil else { throw TestFailure("the controller does not run") }
        child = nil
        let record = KillRecord(kind: kind, pid: victim.pid, at: UnixTime.now())
        victim.signal(SIGKILL)
        guard await victim.waitForEnd(seconds: 30) != nil else {
            throw TestFailure("SIGKILL did not end the controller")
        }
        return record
    }

    /// SIGTERM; what it promises is exit code 0. The code, or nil when it did not end in time and was killed.
    func stop() async -> Int32? {
        isStopping = true
        guard let last = child else { return nil }
        child = nil
        last.signal(SIGTERM)
        if let code = await last.waitForEnd(seconds: 45) { return code }
        last.signal(SIGKILL)
        _ = await last.waitForEnd(seconds: 10)
        return nil
    }

    private func watch(_ process: ChildProcess) async {
        let code = await process.waitForEnd(seconds: 1e6) ?? 0
        // It is no longer ours when we have killed it.
        guard child === process, !isStopping else { return }
        child = nil
        unexpectedEnds.append(code)
        try? await Task.sleep(for: .milliseconds(500))
        if child == nil, !isStopping { try? start() }
    }
}
