/// Why the catalogue cannot do what it was asked: a stable code, a sentence, and what to do.
package struct CatalogError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case stateDirectoryUnusable = "state_directory_unusable"
        case functionsDirectoryUnusable = "functions_directory_unusable"
        case watcherUnavailable = "watcher_unavailable"
        case functionNotFound = "function_not_found"
        case versionNotFound = "version_not_found"
        case versionUnusable = "version_unusable"
        case stateDamaged = "state_damaged"
        case alreadyCurrent = "already_current"
        case versionInUse = "version_in_use"
        case aliasInvalid = "alias_invalid"
        case aliasNotFound = "alias_not_found"
        case storeFailed = "store_failed"
    }

    package let code: Code
    /// What happened, in words.
    package let message: String
    /// What to do; nil when the message says it.
    package let hint: String?

    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
