import CLinux
import Foundation
import Glibc

/// A redis-server of a test's own, without persistence, in a directory of its own. It dies with the test process.
final class RedisServerProcess {
    struct CannotStart: Error {}

    let directory: String
    private let arguments: [String]
    private var pid: pid_t = 0

    var socketPath: String { directory + "/r.sock" }

    /// - Parameters:
    ///   - port: for TCP on the loopback; 0 for the Unix socket only.
    ///   - access: users, as lines of an ACL file.
    ///   - configuration: a whole configuration file in place of all that.
    init(
        port: Int = 0, _ extra: [String] = [], access: String? = nil, configuration: String? = nil,
        isSentinel: Bool = false
    ) throws {
        var template = Array("/tmp/glo-redis-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CannotStart() }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if let configuration {
            let file = directory + "/redis.conf"
            try configuration.write(toFile: file, atomically: false, encoding: .utf8)
            arguments = [file] + (isSentinel ? ["--sentinel"] : [])
        } else {
            let users = directory + "/users.acl"
            try access?.write(toFile: users, atomically: false, encoding: .utf8)
            let list = access == nil ? [] : ["--aclfile", users]
            let common = [
                "--port", "\(port)", "--bind", "127.0.0.1", "--unixsocket", directory + "/r.sock", "--save", "",
                "--dir", directory, "--repl-diskless-sync-delay", "0", "--repl-timeout", "5",
            ]
            arguments = common + list + extra
        }
        try start()
    }

    deinit { stop() }

    func start() throws {
        let words = ["/usr/bin/redis-server"] + arguments
        let started = DispatchSemaphore(value: 0)
        let result = Result()
        // The parent's death signal is sent when the thread that started the child ends, so the thread waits for it.
        Thread.detachNewThread {
            result.pid = Self.spawn(words)
            started.signal()
            guard result.pid > 0 else { return }
            var status: Int32 = 0
            while waitpid(result.pid, &status, 0) < 0, errno == EINTR {}
            result.ended.signal()
        }
        started.wait()
        guard result.pid > 0 else { throw CannotStart() }
        pid = result.pid
        current = result
    }

    /// Ends it as a power cut would, and waits for that.
    func kill() {
        guard pid > 0 else { return }
        Glibc.kill(pid, SIGKILL)
        current?.ended.wait()
        pid = 0
    }

    func pause() { Glibc.kill(pid, SIGSTOP) }

    func resume() { Glibc.kill(pid, SIGCONT) }

    func stop() {
        kill()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private var current: Result?

    /// Filled by the thread that starts the process before it signals, and read after.
    private final class Result: @unchecked Sendable {
        var pid: pid_t = 0
        let ended = DispatchSemaphore(value: 0)
    }

    private static func spawn(_ words: [String]) -> pid_t {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        let environment: [UnsafeMutablePointer<CChar>?] = [nil]
        return pointers.withUnsafeBufferPointer { arguments in
            environment.withUnsafeBufferPointer { environment in
                var request = clinux_spawn_request()
                request.path = arguments[0].map { UnsafePointer($0) }
                request.arguments = arguments.baseAddress
                request.environment = environment.baseAddress
                request.directory = -1
                request.standard_input = null
                request.standard_output = null
                request.standard_error = null
                request.dies_with_parent = true
                var stage: Int32 = 0
                var error: Int32 = 0
                return clinux_spawn(&request, &stage, &error)
            }
        }
    }
}
