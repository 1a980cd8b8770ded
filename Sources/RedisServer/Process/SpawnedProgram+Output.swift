import Glibc
import LinuxSystem

extension SpawnedProgram {
    /// Starts a program with little of an environment.
    ///
    /// - Parameters:
    ///   - arguments: with the program's path first.
    ///   - output: standard output and standard error.
    static func spawn(_ arguments: [String], input: Int32, output: Int32) throws(RedisProcessError) -> pid_t {
        guard let path = arguments.first else { preconditionFailure("no program") }
        do throws(SystemError) {
            return try spawn(
                path, arguments: arguments, environment: ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C"],
                input: .descriptor(input), output: .descriptor(output), error: .descriptor(output))
        } catch {
            throw .system("\(path) cannot be started", error.number, .system)
        }
    }

    /// What a program prints, at most 4 kB of it; nil when it does not end by itself in time.
    static func output(of arguments: [String], milliseconds: Int64 = 5_000) throws(RedisProcessError) -> String? {
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard null >= 0 else { throw .system("/dev/null cannot be opened", errno, .system) }
        let input = OwnedDescriptor(owning: null)
        var pipe = try OutputPipe()
        let child = try spawn(arguments, input: input.raw, output: pipe.writeEnd?.raw ?? input.raw)
        pipe.writeEnd = nil
        let deadline = SystemClock.monotonicNanoseconds() + milliseconds * 1_000_000
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var isWhole = false
        while bytes.count < 4096, Waiting.until(deadline, pipe.readEnd.raw, for: POLLIN) {
            let count = read(pipe.readEnd.raw, &buffer, buffer.count)
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
}
