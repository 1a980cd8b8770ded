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
        let published = try machine.publish(
            name, description: description, unixMilliseconds: clock.unixMilliseconds())
        save(name)
        return published
    }

    /// Takes a published number away; an alias must not name its version.
    package func unpublish(_ name: FunctionName, number: Int) throws(CatalogError) {
        try machine.unpublish(name, number: number)
        save(name)
    }

    /// Makes or replaces an alias, and publishes the versions that it names.
    package func setAlias(_ alias: VersionAlias, of name: FunctionName) throws(CatalogError) {
        // One whose files are gone is refused before anything is changed.
        for share in alias.shares where machine.functions[name]?.index.record(share.version) != nil {
            _ = try version(name, share.version)
        }
        try machine.setAlias(alias, of: name, unixMilliseconds: clock.unixMilliseconds())
        save(name)
    }

    package func removeAlias(_ alias: String, of name: FunctionName) throws(CatalogError) {
        try machine.removeAlias(alias, of: name)
        save(name)
    }

    private func save(_ name: FunctionName) {
        unsaved.insert(name)
        flush()
    }
}
