import Foundation
import Glibc

/// The directory that functions are dropped into.
package struct FunctionsDirectory: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Drops a script or any other file.
    package func write(_ name: String, _ text: String, mode: UInt32 = 0o755) throws {
        try write(name, Array(text.utf8), mode: mode)
    }

    package func write(_ name: String, _ bytes: [UInt8], mode: UInt32 = 0o755) throws {
        try Data(bytes).write(to: URL(filePath: file(name)))
        guard chmod(file(name), mode) == 0 else { throw TestFailure("chmod \(name): errno \(errno)") }
    }

    /// Drops a directory; it is moved there whole.
    package func directory(_ name: String, _ files: [String: String]) throws {
        let scratch = "\(path)/../\(name).new"
        try? FileManager.default.removeItem(atPath: scratch)
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        chmod(scratch, 0o755)
        for (file, text) in files {
            try Data(text.utf8).write(to: URL(filePath: "\(scratch)/\(file)"))
            chmod("\(scratch)/\(file)", file == "function.yaml" ? 0o644 : 0o755)
        }
        try move(scratch, to: name)
    }

    /// Moves a file or directory here by one rename.
    package func move(_ source: String, to name: String) throws {
        guard rename(source, file(name)) == 0 else { throw TestFailure("rename to \(name): errno \(errno)") }
    }

    package func copy(_ source: String, to name: String) throws {
        try FileManager.default.copyItem(atPath: source, toPath: file(name))
    }

    package func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }
}
