import LinuxSystem

/// Why Glo's own Redis does not run, or cannot be run here at all.
package struct RedisProcessError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// There is no redis-server here.
        case notInstalled
        /// The server is too old to have Redis Functions, or does not say what it is.
        case notSupported
        /// The socket's path does not fit into a socket address.
        case pathTooLong
        /// A directory or file cannot be made, read or written.
        case files
        /// The system gives no process, thread or descriptor.
        case system
        /// Another process holds the data and does not let go of it.
        case occupied
        /// The disk that holds the data is full.
        case diskFull
        /// The append-only file cannot be read.
        case dataDamaged
        /// The server does not accept the settings that it was given.
        case settingsRefused
        /// It ended, for another reason.
        case ended
    }

    package let code: Code
    /// What happened, in a sentence.
    package let message: String
    /// What to do about it.
    package let hint: String
    /// What the server or the system said, word for word.
    package let cause: String?

    package init(_ code: Code, _ message: String, hint: String = "", cause: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.cause = cause
    }

    package var description: String {
        var text = message
        if let cause { text += " (\(cause))" }
        if !hint.isEmpty { text += " \(hint)" }
        return text
    }

    static func system(_ what: String, _ number: Int32, _ code: Code = .files) -> Self {
        Self(code, "\(what).", hint: "See to it that this user may do so.", cause: SystemError.text(number))
    }
}
