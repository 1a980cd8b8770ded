import Glibc
import Subprocess
import SystemPackage

/// Runs the programs that the tests are about.
enum Program {
    struct Outcome {
        var code: Int32
        var output: [UInt8]
        var errors: String

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// The `glo` that was built beside these tests.
    static let glo: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/glo"
    }()

    /// Runs `glo` with `GLO_STATE` set to this directory.
    static func glo(
        _ arguments: [String], state: String = "/nowhere/state", input: [UInt8] = [], directory: String = "/tmp"
    ) async throws -> Outcome {
        try await run(glo, arguments, environment: ["GLO_STATE": state], input: input, directory: directory)
    }

    /// Runs a program to its end; one that was ended by a signal has the negative signal as its code.
    static func run(
        _ path: String, _ arguments: [String], environment: [Environment.Key: String?] = [:], input: [UInt8] = [],
        directory: String = "/tmp"
    ) async throws -> Outcome {
        let executable: Executable = path.contains("/") ? .path(FilePath(path)) : .name(path)
        let result = try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: .inherit.updating(environment),
            workingDirectory: FilePath(directory), input: .array(input), output: .bytes(limit: 16 << 20),
            error: .string(limit: 1 << 20))
        let code: Int32 =
            switch result.terminationStatus {
            case .exited(let code): Int32(code)
            case .signaled(let signal): -Int32(signal)
            }
        return Outcome(code: code, output: result.standardOutput, errors: result.standardError)
    }

    /// Whether a program is on the PATH.
    static func exists(_ name: String) -> Bool {
        guard let path = getenv("PATH") else { return false }
        return String(cString: path).split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
    }
}
