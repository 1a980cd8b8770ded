/// What `runtime:` of a manifest names: one of Glo's loaders, or a program that is a runtime of its own. Lambda's names
/// mean what they mean there.
package enum HandlerRuntime: Hashable, Sendable {
    /// `python`, or `python3.12`, whose minor version is 12.
    case python(minor: Int?)
    /// `node`, or `nodejs22.x`, whose major version is 22.
    case node(major: Int?)
    /// `provided` and its kin: the executable `bootstrap` of the function.
    case provided

    /// The names that are known, for messages.
    package static let names = "python, python3.N, node, nodejsN.x, provided, provided.al2, provided.al2023"

    /// Nil: no such runtime is known.
    package init?(_ name: String) {
        switch name {
        case "python", "python3": self = .python(minor: nil)
        case "node", "nodejs": self = .node(major: nil)
        case "provided", "provided.al2", "provided.al2023": self = .provided
        default:
            if name.hasPrefix("python3."), let minor = Int(name.dropFirst(8)), minor >= 0 {
                self = .python(minor: minor)
            } else if name.hasPrefix("nodejs"), name.hasSuffix(".x"), let major = Int(name.dropFirst(6).dropLast(2)),
                major >= 0
            {
                self = .node(major: major)
            } else {
                return nil
            }
        }
    }

    /// Whether one of Glo's loaders runs the handler.
    package var hasLoader: Bool {
        switch self {
        case .python, .node: true
        case .provided: false
        }
    }
}

/// Where the loaders are in a container.
package enum LoaderDirectory {
    /// In the built-in image, as in Lambda's.
    package static let builtIn = "/var/runtime"
    /// In other images, which may have something of their own at ``builtIn``.
    package static let inImages = "/run/glo-runtime"
}
