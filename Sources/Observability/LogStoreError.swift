import Glibc
import LinuxSystem

/// Why the function logs cannot be kept.
package struct LogStoreError: Error, CustomStringConvertible {
    package enum Code: String, Sendable {
        case directoryUnusable = "log_directory_unusable"
        case noDescriptors = "no_descriptors"
        case noThread = "no_thread"
    }

    package let code: Code
    /// What went wrong and what to do.
    package let description: String

    init(_ code: Code, _ sentence: String, errno number: Int32) {
        self.code = code
        let advice =
            switch code {
            case .directoryUnusable: "make it writable for the controller's user, or choose another --state"
            case .noDescriptors, .noThread: "raise the limits of the controller's user (ulimit -n, ulimit -u)"
            }
        description = "\(sentence): \(SystemError.text(number)); \(advice)"
    }
}
