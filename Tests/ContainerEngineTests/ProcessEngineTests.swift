import Glibc
import LinuxSystem
import Testing

@testable import ContainerEngine

@Suite(.timeLimit(.minutes(1))) struct ProcessEngineTests {
    private let directory = TemporaryDirectory()

    /// The script is written by another process: one that this process spawns elsewhere at the same moment would hold
    /// a descriptor that writes to it, and a file that is open for writing cannot be executed.
    private func spec(_ script: String, _ name: String = "p") async throws -> ContainerSpec {
        let source = try directory.write("source", "#!/bin/sh\n\(script)\n")
        let path = "\(directory.path)/init-\(name)"
        _ = try await Program.run("install", ["-m", "755", source, path])
        var spec = ContainerProfileTests.spec()
        spec.id = ContainerID(name)
        spec.initPath = path
        spec.controlDirectory = directory.path
        return spec
    }

    private func isAlive(_ process: Int32) -> Bool { kill(process, 0) == 0 }

    @Test("An exit is reported as a shell counts", arguments: [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
    func exits(_ script: String, _ code: Int) async throws {
        let engine = ProcessEngine()
        let spec = try await spec(script)
        let container = try await engine.start(spec)
        #expect(try await engine.exitReport(spec.id).exitCode == code)
        try await engine.remove(spec.id)
        #expect(!isAlive(try #require(container.processID)))
    }

    @Test("A child inherits no descriptor of ours, close-on-exec or not")
    func descriptors() async throws {
        let engine = ProcessEngine()
        let open = Glibc.open("/dev/null", O_RDONLY)
        let high = fcntl(open, F_DUPFD, 700)
        defer {
            close(open)
            close(high)
        }
        let spec = try await spec("[ ! -e /proc/self/fd/\(open) ] && [ ! -e /proc/self/fd/\(high) ]")
        _ = try await engine.start(spec)
        #expect(try await engine.exitReport(spec.id).exitCode == 0)
        try await engine.remove(spec.id)
    }

    @Test("Init gets the control socket's path and the word process")
    func arguments() async throws {
        let engine = ProcessEngine()
        let spec = try await spec("[ \"$1\" = \"\(directory.path)/init.sock\" ] && [ \"$2\" = process ]")
        _ = try await engine.start(spec)
        #expect(try await engine.exitReport(spec.id).exitCode == 0)
        #expect(engine.commandLine(for: spec) == [spec.initPath, "\(directory.path)/init.sock", "process"])
        try await engine.remove(spec.id)
    }

    @Test("One that ignores SIGTERM is killed with its children, and starts no new ones meanwhile")
    func stubborn() async throws {
        let engine = ProcessEngine(stopMilliseconds: 50)
        // As soon as a child dies the script starts the next.
        let next = "sleep 100 & echo $! > \(directory.path)/child; wait $!"
        let spec = try await spec("trap '' TERM; \(next); \(next); \(next)")
        let container = try await engine.start(spec)
        let root = try #require(container.processID)
        try await waitUntil { ProcFile.text("\(directory.path)/child").hasSuffix("\n") }
        let child = try #require(Int32(ProcFile.text("\(directory.path)/child").dropLast()))
        #expect(ProcessTree.members(of: root).contains(child))
        let reading = try #require(engine.memory(of: container))
        // Processes come and go between the two readings, so only their presence can be told.
        #expect(reading.currentBytes > 0 && (reading.peakBytes ?? 0) > 0)
        try await engine.remove(spec.id)
        #expect(!isAlive(root))
        #expect(ProcFile.text("\(directory.path)/child") == "\(child)\n")
        // Somebody else reaps the grandchild.
        try await waitUntil {
            let state = ProcFile.text("/proc/\(child)/stat")
            return state.isEmpty || state.contains(") Z ")
        }
        #expect(engine.memory(of: container) == nil)
    }

    @Test("A signal reaches init")
    func signal() async throws {
        let engine = ProcessEngine()
        let spec = try await spec("trap 'exit 3' USR1; : > \(directory.path)/ready; while :; do sleep 0.01; done")
        _ = try await engine.start(spec)
        try await waitUntil { FileKind(path: "\(directory.path)/ready") != nil }
        await engine.kill(spec.id, signal: SIGUSR1)
        #expect(try await engine.exitReport(spec.id).exitCode == 3)
        try await engine.remove(spec.id)
    }

    @Test("A program that is not there is said, and removing nothing is no failure")
    func missing() async throws {
        let engine = ProcessEngine()
        var spec = try await spec("")
        spec.initPath = "/nonexistent/glo-init"
        let missing = spec
        let error = await #expect(throws: EngineError.self) { _ = try await engine.start(missing) }
        #expect(error?.code == .commandNotFound)
        try await engine.remove(spec.id)
        await engine.kill(spec.id, signal: SIGTERM)
    }

    @Test("Images are refused by name, and its weakness is said")
    func refused() async throws {
        let engine = ProcessEngine()
        await #expect(throws: EngineError.self) { _ = try await engine.ensureImage("debian") { _ in } }
        await #expect(throws: EngineError.self) { _ = try await engine.start(ContainerProfileTests.spec(image: "x")) }
        #expect(try await engine.prepare { _ in }.warnings.count == 1)
    }
}
