import CLinux
import Glibc
import FunctionModel
import InitLink
import LinuxSystem
import Logging

/// A real glo-init as a child process, with its hub and a directory of its own.
final class InitUnderTest {
    struct Unavailable: Error {
        let what: String
    }

    let log = EventLog()
    let hub: InitHub
    let connection: InitConnection
    let directory: String
    let processID: pid_t
    private let process: OwnedDescriptor
    private var exit: clinux_end?

    /// Starts init and waits for its greeting.
    init(lifeline: Lifeline? = nil) throws {
        directory = try Self.makeDirectory()
        hub = try InitHub(logger: Logger(label: "test"), lifeline: lifeline)
        connection = try hub.listen(directory: directory, delegate: log)
        processID = try Self.spawn([try Self.binary(), directory + "/init.sock", "process"])
        process = OwnedDescriptor(owning: clinux_open_process(processID))
        _ = try log.first { if case .connected(let hello) = $0 { hello } else { nil } }
    }

    deinit {
        hub.shutdown()
        if exit == nil { _ = try? waitForExit() }
        for name in ["secrets/db", "secrets/empty", "secrets", "script", "data"] { remove(directory + "/" + name) }
        rmdir(directory)
    }

    /// Waits until init itself has ended.
    @discardableResult
    func waitForExit() throws -> clinux_end {
        if let exit { return exit }
        try Self.waitForEnd(process.raw)
        var end = clinux_end()
        guard clinux_reap(processID, &end) else { throw Unavailable(what: "the exit of init") }
        exit = end
        return end
    }

    /// A command of `sh`, with ids counting up.
    func shell(_ worker: UInt32, _ contract: Contract, _ script: String) -> StartCommand {
        StartCommand(
            worker: worker, contract: contract, arguments: ["sh", "-c", script],
            environment: [("PATH", "/usr/local/bin:/usr/bin:/bin"), ("BASE", "base")], workingDirectory: directory)
    }

    /// Starts an exec worker with one slot.
    func execSlot(_ script: String, worker: UInt32 = 1) throws -> SlotClient {
        connection.start(shell(worker, .exec, script))
        let slot = try log.descriptors(of: worker)
        _ = try log.startedProcess(of: worker)
        guard let first = slot.first else { throw Unavailable(what: "a slot") }
        return SlotClient(first)
    }

    /// Writes an executable file.
    func write(_ text: String, to name: String, mode: mode_t) throws {
        let path = directory + "/" + name
        let file = OwnedDescriptor(owning: clinux_open(path, O_WRONLY | O_CREAT | O_TRUNC, mode))
        guard file.raw >= 0 else { throw Unavailable(what: path) }
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count) }
    }

    func read(_ name: String) throws -> [UInt8] {
        let file = OwnedDescriptor(owning: clinux_open(directory + "/" + name, O_RDONLY, 0))
        guard file.raw >= 0 else { throw Unavailable(what: name) }
        return try readAll(file, seconds: 5)
    }

    /// Open descriptors of init.
    var descriptorCount: Int {
        guard let stream = opendir("/proc/\(processID)/fd") else { return -1 }
        defer { closedir(stream) }
        var count = 0
        while readdir(stream) != nil { count += 1 }
        return count - 2
    }

    // MARK: Processes

    static func waitForEnd(_ process: Int32, seconds: Int32 = 20) throws {
        var waiting = pollfd(fd: process, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, seconds * 1000) == 1 else { throw Unavailable(what: "the end of a process") }
    }

    /// Waits until a process that is not ours to reap has ended.
    static func waitForEnd(of processID: pid_t) throws {
        let process = OwnedDescriptor(owning: clinux_open_process(processID))
        if process.raw < 0 { return }
        try waitForEnd(process.raw)
    }

    static func spawn(_ arguments: [String]) throws -> pid_t {
        var stage: Int32 = 0
        var error: Int32 = 0
        let words = arguments.map { strdup($0) }
        defer { for word in words { free(word) } }
        let variable = strdup("PATH=/usr/bin:/bin")
        defer { free(variable) }
        var request = clinux_spawn_request()
        let processID = (words + [nil]).withUnsafeBufferPointer { argumentPointers in
            [variable, nil].withUnsafeBufferPointer { environment in
                request.path = UnsafePointer(words[0])
                request.arguments = argumentPointers.baseAddress
                request.environment = environment.baseAddress
                request.directory = -1
                request.standard_input = 0
                request.standard_output = 1
                request.standard_error = 2
                return clinux_spawn(&request, &stage, &error)
            }
        }
        guard processID > 0 else { throw Unavailable(what: "\(arguments[0]): errno \(error)") }
        return processID
    }

    /// glo-init of the same build, which lies next to the test bundle; GLO_INIT_BINARY names another.
    static func binary() throws -> String {
        if let path = getenv("GLO_INIT_BINARY") { return String(cString: path) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.assumingMemoryBound(to: CChar.self).baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) }
                ?? 0
        }
        let path = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
        let binary = path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/glo-init"
        guard access(binary, X_OK) == 0 else { throw Unavailable(what: binary) }
        return binary
    }

    static func makeDirectory() throws -> String {
        var template = Array("/tmp/glo-init-tests-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } }
        guard let made else { throw Unavailable(what: "a temporary directory") }
        return String(cString: made)
    }
}
