import Glibc

/// Why nothing was written into the functions directory.
package struct FunctionWriteError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// A new function's name is taken.
        case exists
        case notFound
        /// What lies there, or what shall be written, is no manifest.
        case manifestInvalid
        /// The files that were given are no good.
        case filesInvalid
        /// The controller's user may not write there.
        case denied
        case failed
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

extension FunctionWriteError {
    init(_ error: SystemCallError) {
        let isDenied = error.number == EACCES || error.number == EPERM || error.number == EROFS
        self.init(isDenied ? .denied : .failed, "\(error)")
    }
}
