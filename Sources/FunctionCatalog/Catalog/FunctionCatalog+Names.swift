package import FunctionModel
import Logging

extension FunctionCatalog {
    /// What names versions of a function; nil when there is no such function.
    package func named(_ name: FunctionName) -> NamedVersions? {
        guard let names = try? machine.names(of: name) else { return nil }
        var versions: [Int: FunctionVersion] = [:]
        for published in names.published {
            do throws(CatalogError) {
                var version = try version(name, published.version).version
                version.publishedNumber = published.number
                versions[published.version] = version
            } catch {
                logger.error(
                    "a published version cannot be used",
                    metadata: ["function": "\(name)", "version": "\(published.version)", "reason": "\(error)"])
            }
        }
        return NamedVersions(names: names, versions: versions)
    }

    /// Gives the version that serves a lasting number; one that has a number keeps it.
    package func publish(_ name: FunctionName, description: String?) throws(CatalogError) -> PublishedNumber {
        let now = clock.unixMilliseconds()
        return try change(name) { machine throws(CatalogError) in
            try machine.publish(name, description: description, unixMilliseconds: now)
        }
    }

    /// Takes a published number away; an alias must not name its version.
    package func unpublish(_ name: FunctionName, number: Int) throws(CatalogError) {
        try change(name) { machine throws(CatalogError) in try machine.unpublish(name, number: number) }
    }

    /// Makes or replaces an alias, and publishes the versions that it names.
    package func setAlias(_ alias: VersionAlias, of name: FunctionName) throws(CatalogError) {
        // One whose files are gone is refused before anything is changed.
        for share in alias.shares where machine.functions[name]?.index.record(share.version) != nil {
            _ = try presentVersion(name, share.version)
        }
        let now = clock.unixMilliseconds()
        try change(name) { machine throws(CatalogError) in
            try machine.setAlias(alias, of: name, unixMilliseconds: now)
        }
    }

    package func removeAlias(_ alias: String, of name: FunctionName) throws(CatalogError) {
        try change(name) { machine throws(CatalogError) in try machine.removeAlias(alias, of: name) }
    }

    /// Changes the names and writes them down. Who was told that it is done finds it after a restart, so what cannot be
    /// written is not changed either.
    private func change<Result>(
        _ name: FunctionName, _ body: (inout CatalogMachine) throws(CatalogError) -> Result
    ) throws(CatalogError) -> Result {
        let before = machine.functions[name]?.index.names
        let result = try body(&machine)
        guard let index = machine.functions[name]?.index else { return result }
        do throws(SystemCallError) {
            try store.save([(name: name, index: index)])
        } catch {
            machine.functions[name]?.index.names = before
            throw CatalogError(
                .storeFailed, "the change cannot be stored: \(error)",
                hint: "look at the disk of the state directory")
        }
        return result
    }
}
