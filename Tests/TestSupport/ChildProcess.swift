import CLinux
import Foundation
import Glibc
import Synchronization

/// A long-running program, its output line by line, and its end. It dies with the test process.
package final class ChildProcess: Sendable {
    package let pid: Int32
    package let log = LogBook()
    private let end = Ending()

    /// The exit code, or the negative signal; nil while it runs.
    package var exitCode: Int32? { end.code }

    package init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], directory: String = "/tmp"
    ) throws {
        let output = Pipe()
        let words = [path] + arguments
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        let started = DispatchSemaphore(value: 0)
        let result = Mutex<pid_t>(-1)
        let (end, log) = (end, log)
        let write = output.fileHandleForWriting
        // The parent's death signal is sent when the thread that started the child ends, so the thread waits for it.
        Thread.detachNewThread {
            let pid = Self.spawn(words, variables, directory: directory, output: write.fileDescriptor)
            try? write.close()
            result.withLock { $0 = pid }
            started.signal()
            guard pid > 0 else { return }
            end.set(Self.wait(for: pid))
        }
        started.wait()
        pid = result.withLock(\.self)
        guard pid > 0 else { throw TestFailure("cannot start \(path)") }
        let read = output.fileHandleForReading
        Thread.detachNewThread { Self.readLines(read, into: log) }
    }

    package func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the end; nil when it does not come in time.
    package func waitForEnd(seconds: Double) async -> Int32? { await end.wait(seconds: seconds) }

    private static func spawn(
        _ words: [String], _ variables: [String], directory: String, output: Int32
    ) -> pid_t {
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let place = clinux_open_place(directory)
        defer {
            close(null)
            close(place)
        }
        return withCStrings(words) { arguments in
            withCStrings(variables) { environment in
                var request = clinux_spawn_request()
                request.path = UnsafePointer(arguments[0])
                request.arguments = arguments
                request.environment = environment
                request.directory = place
                request.standard_input = null
                request.standard_output = output
                request.standard_error = output
                request.dies_with_parent = true
                var stage: Int32 = 0
                var error: Int32 = 0
                return clinux_spawn(&request, &stage, &error)
            }
        }
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("the array has at least its end mark") }
            return body(base)
        }
    }

    private static func wait(for pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }

    private static func readLines(_ handle: FileHandle, into log: LogBook) {
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(handle.fileDescriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            rest += buffer.prefix(count)
            while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                log.append(String(decoding: rest[..<newline], as: UTF8.self))
                rest.removeSubrange(...newline)
            }
        }
        log.close()
    }
}

/// How a process ended, once it has.
private final class Ending: Sendable {
    private struct State {
        var code: Int32?
        var waiters: [Int: CheckedContinuation<Int32?, Never>] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    var code: Int32? { state.withLock(\.code) }

    func set(_ code: Int32) {
        let waiters = state.withLock { state in
            state.code = code
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: code) }
    }

    func wait(seconds: Double) async -> Int32? {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        let limit = Task {
            try await Task.sleep(for: .seconds(seconds))
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: nil)
        }
        defer { limit.cancel() }
        return await withCheckedContinuation { continuation in
            let code: Int32? = state.withLock { state in
                if state.code == nil { state.waiters[id] = continuation }
                return state.code
            }
            if let code { continuation.resume(returning: code) }
        }
    }
}
