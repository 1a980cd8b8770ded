import Foundation
import Glibc
import Testing

/// What some tests need of the machine besides Docker and Redis, which all have: large programs, or such as bring services
/// along. `deploy/test` installs them in CI, and there nothing is skipped: a test whose program is missing fails.
enum Requirement {
    static let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

    /// - Parameter path: directories with a colon between them.
    static func has(_ program: String, path: String) -> Bool {
        path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where this program is not installed; in CI it is run all the same.
    static func needs(_ program: String) -> Self {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return .enabled(if: Requirement.isCI || Requirement.has(program, path: path), "\(program) is not installed")
    }
}
