import CLinux
import Glibc

/// A child process, leader of a session and a process group of its own. It gets three standard streams and no other
/// descriptor, as long as everybody in this process makes theirs close-on-exec.
enum SpawnedProgram {
    /// Where a standard stream of the child goes.
    enum Stream {
        case null
        /// A descriptor that the caller keeps.
        case descriptor(Int32)
    }

    /// - Parameters:
    ///   - path: absolute.
    ///   - arguments: with the program's own name first.
    ///   - environment: `NAME=value` each.
    static func spawn(
        _ path: String, arguments: [String], environment: [String], input: Stream, output: Stream, error: Stream
    ) -> Result<pid_t, SystemFailure> {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard null >= 0 else { return .failure(SystemFailure(errno: errno)) }
        defer { close(null) }
        func descriptor(_ stream: Stream) -> Int32 {
            switch stream {
            case .null: null
            case .descriptor(let descriptor): descriptor
            }
        }
        let streams = (descriptor(input), descriptor(output), descriptor(error))
        return path.withCString { path in
            withCStrings(arguments) { arguments in
                withCStrings(environment) { environment in
                    // The parent's death signal would follow the thread, and threads here come and go.
                    var request = clinux_spawn_request(
                        path: path, arguments: arguments, environment: environment, directory: -1,
                        standard_input: streams.0, standard_output: streams.1, standard_error: streams.2,
                        dies_with_parent: false)
                    var stage: Int32 = 0
                    var error: Int32 = 0
                    let child = clinux_spawn(&request, &stage, &error)
                    return child > 0 ? .success(child) : .failure(SystemFailure(errno: error))
                }
            }
        }
    }

    private static func withCStrings<Value>(
        _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Value
    ) -> Value {
        let copies = words.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}

/// An errno.
struct SystemFailure: Error, Hashable, Sendable {
    let errno: Int32

    var reason: String { String(cString: strerror(errno)) }
}
