/// What is wrong with something in the functions directory: a stable code, a sentence, and what to do about it.
package struct CatalogProblem: Hashable, Sendable, CustomStringConvertible {
    package let code: Code
    /// What is wrong, in words.
    package let message: String
    /// What to do, or what is allowed; nil when the message says it.
    package let hint: String?
    /// The file, relative to the function's own directory or, for what is dropped as one file, its name.
    package let path: String
    /// The line in that file, from 1.
    package let line: Int?

    package init(_ code: Code, _ message: String, hint: String? = nil, path: String, line: Int? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.path = path
        self.line = line
    }

    /// `function.yaml:3: unknown key 'memroy' (did you mean 'memory'?)`
    package var description: String {
        let place = line.map { "\(path):\($0)" } ?? path
        return hint.map { "\(place): \(message) (\($0))" } ?? "\(place): \(message)"
    }
}

extension CatalogProblem {
    /// The raw value is stable: scripts may compare it.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        // The entry
        case badName = "bad_name"
        case nameConflict = "name_conflict"
        case symbolicLink = "symbolic_link"
        case specialFile = "special_file"
        case writableByOthers = "writable_by_others"
        case unreadable
        case tooLarge = "too_large"
        /// A warning: a symbolic link is no part of the version.
        case linkLeftOut = "link_left_out"
        /// No refusal yet: somebody writes, or a copy was broken off.
        case stillChanging = "still_changing"
        // The executable
        case noCommand = "no_command"
        case commandNotFound = "command_not_found"
        case notExecutable = "not_executable"
        case emptyFile = "empty_file"
        case unknownFormat = "unknown_format"
        case truncated
        case wrongArchitecture = "wrong_architecture"
        case interpreterMissing = "interpreter_missing"
        // The manifest
        case manifestSyntax = "manifest_syntax"
        case unknownKey = "unknown_key"
        case invalidValue = "invalid_value"
        case contradiction
        case notActive = "not_active"
        case refused
        // Afterwards
        case storeFailed = "store_failed"
        case watchFailed = "watch_failed"
        case activationFailed = "activation_failed"
        case stateDamaged = "state_damaged"
    }
}
