import Foundation
import Glibc

/// Virtual environments of Python with packages from the index, made once and kept in the user's cache.
package enum PythonEnvironment {
    /// The Python of an environment that has these packages.
    package static func python(with packages: [String]) async throws -> String {
        let names = packages.sorted()
        let base = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? "\(NSHomeDirectory())/.cache"
        let home = "\(base)/glo-tests"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let path = "\(home)/python-\(name(of: names))"
        let lock = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw TestFailure("cannot lock \(path).lock: errno \(errno)")
        }
        defer { close(lock) }
        let python = "\(path)/bin/python"
        guard !FileManager.default.fileExists(atPath: "\(path)/complete") else { return python }
        try? FileManager.default.removeItem(atPath: path)
        try await Program.check("/usr/bin/python3", ["-m", "venv", path])
        try await Program.check(
            python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + names)
        try Data().write(to: URL(filePath: "\(path)/complete"))
        return python
    }

    /// The same for the same packages (FNV-1a).
    private static func name(of packages: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in packages.joined(separator: " ").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
