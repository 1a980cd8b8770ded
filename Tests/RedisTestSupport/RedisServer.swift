import CLinux
import Foundation
import Glibc
import Synchronization

/// A redis-server of one test, on a Unix socket in a directory of its own. It dies with the test process.
package final class RedisServer: Sendable {
    package let directory: String
    package var socketPath: String { directory + "/redis.sock" }

    private let pid = Mutex<pid_t>(0)
    private let ended = DispatchSemaphore(value: 0)

    package init(_ arguments: [String] = []) throws {
        var template = Array("/tmp/glo-events-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure.noDirectory(errno) }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let words =
            [
                "/usr/bin/redis-server", "--port", "0", "--unixsocket", directory + "/redis.sock", "--dir", directory,
                "--save", "", "--appendonly", "no",
            ] + arguments
        let started = DispatchSemaphore(value: 0)
        let (directory, ended) = (directory, ended)
        let result = Mutex<pid_t>(-1)
        // The signal at the parent's death comes when the thread ends that started the child, so it stays.
        Thread.detachNewThread {
            let pid = Self.spawn(words, directory: directory)
            result.withLock { $0 = pid }
            started.signal()
            var status: Int32 = 0
            while pid > 0, waitpid(pid, &status, 0) < 0, errno == EINTR {}
            ended.signal()
        }
        started.wait()
        let number = result.withLock(\.self)
        guard number > 0 else { throw Failure.cannotStart(errno) }
        pid.withLock { $0 = number }
    }

    /// Ends it and waits for that.
    package func stop() {
        let number = pid.withLock { pid in
            defer { pid = 0 }
            return pid
        }
        guard number > 0 else { return }
        kill(number, SIGKILL)
        ended.wait()
        try? FileManager.default.removeItem(atPath: directory)
    }

    deinit { stop() }

    enum Failure: Error {
        case noDirectory(Int32)
        case cannotStart(Int32)
    }

    private static func spawn(_ words: [String], directory: String) -> pid_t {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        let place = clinux_open_place(directory)
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let environment: [UnsafeMutablePointer<CChar>?] = [nil]
        defer {
            close(null)
            close(place)
            for argument in arguments { free(argument) }
        }
        return arguments.withUnsafeBufferPointer { arguments in
            environment.withUnsafeBufferPointer { environment in
                var request = clinux_spawn_request()
                request.path = arguments.baseAddress.flatMap { UnsafePointer($0.pointee) }
                request.arguments = arguments.baseAddress
                request.environment = environment.baseAddress
                request.directory = place
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
