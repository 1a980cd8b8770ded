import Subprocess

/// Runs a program of the host for a test.
enum Program {
    /// - Parameter name: looked for on PATH.
    /// - Returns: what it printed, and its exit code (128 + n for signals).
    static func run(_ name: String, _ arguments: [String]) async throws -> (output: String, code: Int) {
        let result = try await Subprocess.run(
            .name(name), arguments: Arguments(arguments), output: .string(limit: 4 << 20),
            error: .string(limit: 1 << 20))
        let code: Int =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): 128 + Int(signal)
            }
        return (result.standardOutput + result.standardError, code)
    }
}
