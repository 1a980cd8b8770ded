/// The paths of the admin API, one spelling for server and client.
package enum AdminPath {
    package static let status = "/v1/status"
    package static let functions = "/v1/functions"
    package static let workers = "/v1/workers"
    /// Query: `function`, `tail`, `follow`. The answer is NDJSON of ``LogRecord``.
    package static let logs = "/v1/logs"

    package static func function(_ name: String) -> String { "\(functions)/\(name)" }
    package static func versions(_ name: String) -> String { "\(functions)/\(name)/versions" }
    package static func rollback(_ name: String) -> String { "\(functions)/\(name)/rollback" }
    package static func explain(_ name: String) -> String { "\(functions)/\(name)/explain" }
    /// The body is the event; query: `logTail`, `qualifier`. The answer is an ``InvokeResult``.
    package static func invoke(_ name: String) -> String { "\(functions)/\(name)/invoke" }

    /// The name of the Unix socket in the state directory.
    package static let socketName = "admin.sock"
    /// The name of the file in the state directory that holds the bearer token for TCP.
    package static let tokenFileName = "admin.token"
    /// The name of the file in the state directory that a controller locks while it runs.
    package static let lockName = "controller.lock"
}
