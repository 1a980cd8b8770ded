import DispatchCore
import FunctionCatalog
import FunctionModel
import HTTPCodec

extension Dispatcher {
    /// What a name and a qualifier mean now.
    struct Qualified {
        let function: DeployedFunction
        /// What callers of Lambda's API are told: `$LATEST` or a published number.
        let executedVersion: String
    }

    static let latest = "$LATEST"

    /// Finds what to invoke.
    ///
    /// - Parameters:
    ///   - qualifier: nil or `$LATEST` for what lies in the functions directory, a published number, or an alias, which
    ///     is chosen by its weights.
    ///   - sticky: gives the value of a header field, whose name is in lower case. An alias with such a field sends
    ///     equal values to the same version.
    /// - Returns: nil when there is no such function, version or alias.
    func qualified(
        _ name: FunctionName, _ qualifier: String?, sticky: (_ field: String) -> String? = { _ in nil }
    ) -> Qualified? {
        guard let function = functions[name] else { return nil }
        guard let qualifier, qualifier != Self.latest else {
            return Qualified(function: function, executedVersion: Self.latest)
        }
        guard let names = named[name]?.names else { return nil }
        if let alias = names.alias(qualifier) { return pinned(name, choose(alias, of: name, sticky)) }
        guard let number = Int(qualifier), let published = names.published(number: number) else { return nil }
        return pinned(name, published.version)
    }

    /// What a request to a route goes to, and as what it is called; nil when the version of its alias cannot be used.
    /// A route whose alias does not exist (yet) leads to the version that serves.
    func target(
        of alias: String?, _ function: DeployedFunction, sticky: (_ field: String) -> String?
    ) -> (function: DeployedFunction, qualifier: String?)? {
        guard let alias, named[function.name]?.names.alias(alias) != nil else { return (function, nil) }
        return qualified(function.name, alias, sticky: sticky).map { ($0.function, alias) }
    }

    /// The failure when ``target(of:_:sticky:)`` finds nothing.
    static func unusable(_ alias: String?) -> InvocationFailure {
        InvocationFailure(.functionNotFound, "the version that the alias '\(alias ?? "")' names cannot be used")
    }

    private func choose(
        _ alias: VersionAlias, of name: FunctionName, _ sticky: (_ field: String) -> String?
    ) -> Int {
        guard alias.shares.count > 1 else { return alias.version(at: 0) }
        if let field = alias.stickyHeader, let value = sticky(field) {
            return alias.version(at: alias.point(of: value, function: name))
        }
        return alias.version(at: Double.random(in: 0..<1, using: &random))
    }

    private func pinned(_ name: FunctionName, _ version: Int) -> Qualified? {
        guard let function = pinnedFunction(name, version), let number = function.current?.publishedNumber else {
            return nil
        }
        return Qualified(function: function, executedVersion: String(number))
    }
}
