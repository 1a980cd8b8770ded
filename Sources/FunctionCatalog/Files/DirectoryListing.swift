import CLinux
import Glibc

/// The names in a directory.
enum DirectoryListing {
    enum Name: Hashable, Sendable {
        case text(String)
        /// A name that is not UTF-8, as a message may show it: its other bytes as `\xNN`.
        case bytes(String)

        var text: String? {
            if case .text(let text) = self { text } else { nil }
        }
    }

    /// Names in no order, without `.` and `..`. A name that is not UTF-8 comes as nil.
    static func names(of directory: borrowing FileDescriptor, _ path: String) throws(SystemCallError) -> [String?] {
        try entries(of: directory, path).map(\.text)
    }

    /// Names in no order, without `.` and `..`.
    static func entries(of directory: borrowing FileDescriptor, _ path: String) throws(SystemCallError) -> [Name] {
        // The stream owns its descriptor, and a fresh one starts at the first name.
        let own = try directory.open(beneath: ".", isDirectory: true)
        let copy = fcntl(own.number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let number = errno
            if copy >= 0 { close(copy) }
            throw SystemCallError(call: "list", path: path, number: number)
        }
        defer { closedir(stream) }
        var names: [Name] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemCallError(call: "list", path: path, number: errno) }
                return names
            }
            guard let text = clinux_entry_name(entry) else { continue }
            guard let name = String(validatingCString: text) else {
                names.append(.bytes(escaped(UnsafeBufferPointer(start: text, count: strlen(text)))))
                continue
            }
            if name != "." && name != ".." { names.append(.text(name)) }
        }
    }

    private static func escaped(_ name: UnsafeBufferPointer<CChar>) -> String {
        name.map { character -> String in
            let byte = UInt8(bitPattern: character)
            if (0x20..<0x7F).contains(byte) { return String(Unicode.Scalar(byte)) }
            return "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
