import CLinux
import Glibc

/// A child process, execve(2): leader of a session and a process group of its own, so that a terminal's Ctrl-C does not
/// reach it, with default signals. It gets three standard streams and no other descriptor (before Linux 5.11: as long as
/// everybody in this process makes theirs close-on-exec), and outlives this process.
package enum SpawnedProgram {
    /// Where a standard stream of the child goes.
    package enum Stream: Hashable, Sendable {
        /// Nowhere: /dev/null.
        case null
        /// A descriptor that the caller keeps.
        case descriptor(Int32)
    }

    /// Starts it. The thread waits until the child has executed the program.
    ///
    /// - Parameters:
    ///   - path: absolute; nothing is searched.
    ///   - arguments: with the program's own name first.
    ///   - environment: `NAME=value` each.
    /// - Returns: the process id. The caller waits for its end, waitpid(2).
    package static func spawn(
        _ path: String, arguments: [String], environment: [String], input: Stream, output: Stream, error: Stream
    ) throws(SystemError) -> Int32 {
        let streams = [input, output, error]
        let null = streams.contains(.null) ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1
        guard null >= 0 || !streams.contains(.null) else { throw SystemError(errno) }
        defer { if null >= 0 { close(null) } }
        let numbers = streams.map { stream in
            switch stream {
            case .null: null
            case .descriptor(let number): number
            }
        }
        var stage: Int32 = 0
        var reason: Int32 = 0
        let child = path.withCString { path in
            withCStrings(arguments) { arguments in
                withCStrings(environment) { environment in
                    // The parent's death signal would follow the thread, and threads here come and go.
                    var request = clinux_spawn_request(
                        path: path, arguments: arguments, environment: environment, directory: -1,
                        standard_input: numbers[0], standard_output: numbers[1], standard_error: numbers[2],
                        dies_with_parent: false)
                    return clinux_spawn(&request, &stage, &reason)
                }
            }
        }
        guard child > 0 else { throw SystemError(reason) }
        return child
    }

    private static func withCStrings<Value>(
        _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Value
    ) -> Value {
        let copies = words.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
