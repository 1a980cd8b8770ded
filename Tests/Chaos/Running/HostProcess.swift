import Foundation
import Glibc

/// What /proc says of a process. Everything that is killed here was looked up by its id, and checked.
enum HostProcess {
    /// False also for one that ended and was not reaped yet.
    static func isAlive(_ pid: Int32) -> Bool {
        guard let text = read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return false }
        return !text[end...].dropFirst(2).hasPrefix("Z") && !text[end...].dropFirst(2).hasPrefix("X")
    }

    /// The words of its command line, joined by blanks.
    static func commandLine(_ pid: Int32) -> String {
        (read("/proc/\(pid)/cmdline") ?? "").replacing("\0", with: " ")
    }

    static func workingDirectory(_ pid: Int32) -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")) ?? ""
    }

    static func all() -> [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
    }

    private static func read(_ path: String) -> String? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
