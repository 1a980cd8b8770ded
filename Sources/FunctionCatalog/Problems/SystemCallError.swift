import Glibc

/// A system call that failed: which one, on what, and the reason.
struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
    let call: String
    let path: String
    /// A positive errno.
    let number: Int32

    var description: String { "\(call) of \(path): \(Self.text(number))" }

    /// The system's words for an errno.
    static func text(_ number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
