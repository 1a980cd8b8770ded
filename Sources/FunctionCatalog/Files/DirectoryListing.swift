import Glibc
import LinuxSystem

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
        let own = try directory.open(beneath: ".", isDirectory: true)
        var names: [Name] = []
        do throws(SystemError) {
            var stream = try DirectoryStream(of: own.number)
            while let text = try stream.next() {
                if let name = String(validatingCString: text) {
                    names.append(.text(name))
                } else {
                    names.append(.bytes(escaped(UnsafeBufferPointer(start: text, count: strlen(text)))))
                }
            }
        } catch {
            throw SystemCallError(call: "list", path: path, number: error.number)
        }
        return names
    }

    private static func escaped(_ name: UnsafeBufferPointer<CChar>) -> String {
        name.map { character -> String in
            let byte = UInt8(bitPattern: character)
            if (0x20..<0x7F).contains(byte) { return String(Unicode.Scalar(byte)) }
            return "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
