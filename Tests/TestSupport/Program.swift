import Foundation
import Glibc
import Subprocess
import SystemPackage

/// Runs programs to their end.
package enum Program {
    package struct Outcome: Sendable {
        /// The exit code; the negative signal when one ended it.
        package var code: Int32
        package var output: [UInt8]
        package var errors: String

        package var text: String { String(decoding: output, as: UTF8.self) }
        package var json: JSONValue {
            get throws { try JSONValue(output) }
        }
    }

    /// Where the programs that were built together with these tests are.
    package static let directory: String = {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
        return URL(filePath: path).deletingLastPathComponent().path
    }()

    package static var glo: String { "\(directory)/glo" }

    /// - Parameter path: a path, or a name that is looked up on `PATH`.
    package static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: [UInt8] = [],
        directory: String = "/tmp"
    ) async throws -> Outcome {
        var changes: [Environment.Key: String?] = [:]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { changes[key] = value }
        }
        let executable: Executable = path.contains("/") ? .path(FilePath(path)) : .name(path)
        let result = try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: .inherit.updating(changes),
            workingDirectory: FilePath(directory), input: .array(input), output: .bytes(limit: 64 << 20),
            error: .string(limit: 1 << 20))
        let code: Int32 =
            switch result.terminationStatus {
            case .exited(let code): Int32(code)
            case .signaled(let signal): -Int32(signal)
            }
        return Outcome(code: code, output: result.standardOutput, errors: result.standardError)
    }

    /// The same, for what has to succeed.
    @discardableResult
    package static func check(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], directory: String = "/tmp"
    ) async throws -> Outcome {
        let outcome = try await run(path, arguments, environment: environment, directory: directory)
        guard outcome.code == 0 else {
            throw TestFailure(
                "\(path) \(arguments.joined(separator: " ")) ended with \(outcome.code): \(outcome.errors)\(outcome.text)"
            )
        }
        return outcome
    }
}
