import Glibc

/// Small files as a whole.
enum FileText {
    /// Nil when it cannot be read or is larger.
    static func read(_ path: String, maximum: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let bytes = Console.read(descriptor, maximum: maximum), bytes.count <= maximum else { return nil }
        return bytes
    }
}
