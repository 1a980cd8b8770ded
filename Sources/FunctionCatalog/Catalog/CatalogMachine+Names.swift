import FunctionModel

/// Published numbers and aliases: what holds a version beyond the newest ones, whatever lies in the directory.
extension CatalogMachine {
    /// The names of a function that is there.
    func names(of name: FunctionName) throws(CatalogError) -> VersionNames {
        guard let function = functions[name], function.entry != nil else { throw Self.notFound(name) }
        return function.index.names ?? VersionNames()
    }

    /// Gives the version that serves a number.
    mutating func publish(
        _ name: FunctionName, description: String?, unixMilliseconds: Int64
    ) throws(CatalogError) -> PublishedNumber {
        var names = try names(of: name)
        guard let version = functions[name]?.serving ?? functions[name]?.index.current else {
            throw CatalogError(.versionNotFound, "no version of '\(name)' serves", hint: "see `glo describe \(name)`")
        }
        let published = names.publish(version, description: description, atMilliseconds: unixMilliseconds)
        functions[name]?.index.names = names
        return published
    }

    mutating func unpublish(_ name: FunctionName, number: Int) throws(CatalogError) {
        var names = try names(of: name)
        guard let published = names.published(number: number) else {
            throw CatalogError(.versionNotFound, "'\(name)' has no published version \(number)")
        }
        if let alias = names.aliases(of: published.version).first {
            throw CatalogError(
                .versionInUse, "the alias '\(alias.name)' of '\(name)' names version \(number)",
                hint: "let it name another one first: glo alias \(name) \(alias.name)=…")
        }
        names.unpublish(number: number)
        functions[name]?.index.names = names
    }

    mutating func setAlias(
        _ alias: VersionAlias, of name: FunctionName, unixMilliseconds: Int64
    ) throws(CatalogError) {
        var names = try names(of: name)
        if let problem = alias.problem { throw CatalogError(.aliasInvalid, problem) }
        for share in alias.shares where functions[name]?.index.record(share.version) == nil {
            let known = (functions[name]?.index.versions ?? []).map { "\($0.number)" }.joined(separator: ", ")
            throw CatalogError(
                .versionNotFound, "'\(name)' has no version \(share.version)", hint: "there are \(known)")
        }
        names.set(alias, atMilliseconds: unixMilliseconds)
        functions[name]?.index.names = names
    }

    mutating func removeAlias(_ alias: String, of name: FunctionName) throws(CatalogError) {
        var names = try names(of: name)
        guard names.alias(alias) != nil else {
            throw CatalogError(
                .aliasNotFound, "'\(name)' has no alias '\(alias)'", hint: "see `glo alias \(name)`")
        }
        names.removeAlias(alias)
        functions[name]?.index.names = names
    }

    private static func notFound(_ name: FunctionName) -> CatalogError {
        CatalogError(.functionNotFound, "there is no function '\(name)'")
    }
}
