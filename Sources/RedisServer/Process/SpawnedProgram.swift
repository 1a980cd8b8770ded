import CLinux
import Glibc

/// Starts a child that outlives this process: leader of a session and a process group of its own, so that a terminal's
/// Ctrl-C does not reach it, with default signals and no descriptors but its standard streams.
enum SpawnedProgram {
    /// - Parameters:
    ///   - arguments: with the program's path first.
    ///   - output: standard output and standard error.
    static func spawn(_ arguments: [String], input: Int32, output: Int32) throws(RedisProcessError) -> pid_t {
        guard let path = arguments.first else { preconditionFailure("no program") }
        var stage: Int32 = 0
        var error: Int32 = 0
        let child = withCStrings(arguments) { words in
            withCStrings(["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C"]) { environment in
                var request = clinux_spawn_request(
                    path: UnsafePointer(words[0]), arguments: words, environment: environment, directory: -1,
                    standard_input: input, standard_output: output, standard_error: output,
                    dies_with_parent: false)
                return clinux_spawn(&request, &stage, &error)
            }
        }
        guard child > 0 else { throw .system("\(path) cannot be started", error, .system) }
        return child
    }

    /// What a program prints, at most 4 kB of it; nil when it does not end by itself in time.
    static func output(of arguments: [String], milliseconds: Int64 = 5_000) throws(RedisProcessError) -> String? {
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard null >= 0 else { throw .system("/dev/null cannot be opened", errno, .system) }
        let input = OwnedDescriptor(null)
        var pipe = try OutputPipe()
        let child = try spawn(arguments, input: input.number, output: pipe.writeEnd?.number ?? input.number)
        pipe.writeEnd = nil
        let deadline = clinux_monotonic_nanoseconds() + milliseconds * 1_000_000
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var isWhole = false
        while bytes.count < 4096, Waiting.until(deadline, pipe.readEnd.number, for: POLLIN) {
            let count = read(pipe.readEnd.number, &buffer, buffer.count)
            if count <= 0 {
                isWhole = true
                break
            }
            bytes += buffer.prefix(count)
        }
        if !isWhole { kill(child, SIGKILL) }
        while waitpid(child, nil, 0) < 0, errno == EINTR {}
        return isWhole ? String(decoding: bytes, as: UTF8.self) : nil
    }

    private static func withCStrings<Value>(
        _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
    ) -> Value {
        let copies = words.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("the array has at least its end mark") }
            return body(base)
        }
    }
}
