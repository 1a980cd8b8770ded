import LinuxSystem

/// A system call that failed: which one, on what, and the reason.
struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
    let call: String
    let path: String
    /// A positive errno.
    let number: Int32

    var description: String { "\(call) of \(path): \(SystemError.text(number))" }
}
