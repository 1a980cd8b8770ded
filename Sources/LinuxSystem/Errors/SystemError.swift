import Glibc

/// A system call that failed: its error number, errno(3).
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A positive errno.
    package let number: Int32

    package init(_ number: Int32) { self.number = number }

    /// The system's words for it.
    package var description: String { Self.text(number) }

    /// The C library's words for an error number, strerror(3).
    package static func text(_ number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(number, &buffer, buffer.count) == 0 else { return "Unknown error \(number)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
