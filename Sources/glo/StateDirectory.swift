import AdminModel
import Glibc

/// Where a controller keeps its state, and so how commands find it. `serve` and every other command share this rule.
struct StateDirectory: Hashable, Sendable {
    /// As it was given: absolute, or relative to the working directory.
    let path: String

    /// The environment variable that names it.
    static let variable = "GLO_STATE"

    /// - Parameters:
    ///   - flag: what `--state` says; it comes first.
    ///   - environment: the value of `GLO_STATE`; it comes second.
    ///   - isRoot: without both, root's is `/var/lib/glo` and everybody else's `./.glo`.
    init(flag: String?, environment: String?, isRoot: Bool) {
        let given = [flag, environment].compactMap { $0 }.first { !$0.isEmpty }
        path = Self.withoutTrailingSlash(given ?? (isRoot ? "/var/lib/glo" : ".glo"))
    }

    /// By the flag, the process's environment and its user.
    static func resolve(flag: String?) -> StateDirectory {
        StateDirectory(
            flag: flag, environment: getenv(variable).map { String(cString: $0) }, isRoot: geteuid() == 0)
    }

    /// The admin API's Unix socket.
    var adminSocketPath: String { "\(path)/\(AdminPath.socketName)" }

    private static func withoutTrailingSlash(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
