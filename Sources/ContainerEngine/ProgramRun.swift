import CLinux
import Glibc
import LinuxSystem

/// Runs a program of the host to its end and collects what it says. Blocks its thread.
struct ProgramRun: Sendable {
    var status: Int32
    /// Output and errors together.
    var output: String

    /// - Parameters:
    ///   - arguments: without the program itself.
    ///   - input: small; written before anything is read.
    /// - Returns: nil when the program cannot be started.
    static func run(_ path: String, _ arguments: [String], input: String = "") -> ProgramRun? {
        var (childInput, inputEnd): (Int32, Int32) = (-1, -1)
        var (outputEnd, childOutput): (Int32, Int32) = (-1, -1)
        guard clinux_pipe(&childInput, &inputEnd) == 0 else { return nil }
        guard clinux_pipe(&outputEnd, &childOutput) == 0 else {
            close(childInput)
            close(inputEnd)
            return nil
        }
        let child = try? SpawnedProgram.spawn(
            path, arguments: [path] + arguments, environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"],
            input: .descriptor(childInput), output: .descriptor(childOutput), error: .descriptor(childOutput))
        close(childInput)
        close(childOutput)
        defer { close(outputEnd) }
        // A pipe holds 64 KiB, so this does not wait for a reader.
        try? FileDescriptor.writeAll(Array(input.utf8.prefix(60 << 10)), to: inputEnd)
        close(inputEnd)
        guard let processID = child else { return nil }
        let output = readAll(outputEnd)
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0 && errno == EINTR {}
        return ProgramRun(status: status, output: output)
    }

    /// True when the program ended with 0.
    var isSuccess: Bool { status == 0 }

    private static func readAll(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 1 << 20 {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer.prefix(count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
