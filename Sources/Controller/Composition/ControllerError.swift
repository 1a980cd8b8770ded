import ContainerEngine
import FunctionCatalog
import Glibc
import LinuxSystem

/// Why the controller cannot do something.
package struct ControllerError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case configuration = "bad_configuration"
        case system = "system_error"
        case engine = "engine_unavailable"
        case damaged = "state_damaged"
        case busy = "already_running"
        case functionNotFound = "function_not_found"
        case versionNotFound = "version_not_found"
    }

    package let code: Code
    package let message: String
    /// What to do about it.
    package let hint: String?

    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Gives the error of a part the controller's type; its words stay.
    init(wrapping error: any Error) {
        switch error {
        case let error as ControllerError: self = error
        case let error as EngineError:
            self.init(.engine, error.message + (error.cause.map { " (\($0))" } ?? ""), hint: error.hint)
        case let error as CatalogError: self.init(.system, error.message, hint: error.hint)
        case let error as AdminServerError:
            self.init(error.code == .alreadyRunning ? .busy : .configuration, error.sentence, hint: error.hint)
        default: self.init(.system, "\(error)")
        }
    }

    /// A system call failed.
    static func system(_ message: String, _ number: Int32) -> ControllerError {
        ControllerError(.system, "\(message): \(SystemError.text(number))")
    }

    package var description: String { hint.map { "\(message); \($0)" } ?? message }
}
