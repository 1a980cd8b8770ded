package import Glibc

/// A directory that goes away, with all in it, with this value.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/glo-admin-XXXXXX".utf8CString)
        struct CannotMake: Error {}
        guard let made = mkdtemp(&template) else { throw CannotMake() }
        path = String(cString: made)
    }

    deinit { Self.remove(path) }

    /// The names in a directory, sorted.
    package static func names(_ path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// A file's bytes; empty when there is none.
    package static func bytes(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { return all }
            all += piece.prefix(count)
        }
    }

    /// Writes a file of this directory.
    package func write(_ text: String, to name: String, mode: mode_t = 0o644) {
        write(Array(text.utf8), to: name, mode: mode)
    }

    package func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o644) {
        let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        fchmod(descriptor, mode)
        _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    private static func remove(_ path: String) {
        for name in names(path) where unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
        rmdir(path)
    }
}
