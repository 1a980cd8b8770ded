import Glibc

/// Small files of /proc, proc(5), and /sys, sysfs(5), whose size is not known before they are read.
package enum ProcFile {
    /// The whole text; empty when it cannot be read.
    package static func text(_ path: String) -> String {
        let file = FileDescriptor(owning: open(path, O_RDONLY | O_CLOEXEC))
        guard file.isOpen, let bytes = try? FileDescriptor.readAll(file.number, limit: .max) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
