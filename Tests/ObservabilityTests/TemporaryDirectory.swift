import Glibc

/// A directory that goes away with this value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/glo-observability-XXXXXX".utf8CString)
        struct CannotMake: Error {}
        guard let made = mkdtemp(&template) else { throw CannotMake() }
        path = String(cString: made)
    }

    deinit {
        for name in names("logs") { unlink("\(path)/logs/\(name)") }
        rmdir("\(path)/logs")
        rmdir(path)
    }

    /// The names in a directory below this one, sorted.
    func names(_ directory: String) -> [String] {
        guard let stream = opendir("\(path)/\(directory)") else { return [] }
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

    /// A file's text; empty when there is none.
    func text(_ name: String) -> String {
        let descriptor = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            all += piece.prefix(count)
        }
        return String(decoding: all, as: UTF8.self)
    }
}
