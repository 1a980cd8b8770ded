/// Why a secret, a token or the audit log cannot be read or written.
package struct AccessError: Error, Hashable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable {
        /// A file cannot be read or written.
        case file = "file_unusable"
        /// A file may be read by others.
        case exposed = "file_exposed"
        /// What was stored cannot be decrypted or read.
        case damaged
        /// What was asked for does not exist.
        case notFound = "not_found"
        /// What was given is not allowed.
        case invalid
    }

    package let code: Code
    package let message: String
    package let hint: String?

    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { message }
}
