import AdminModel
import FunctionCatalog
import FunctionModel

/// Published versions and aliases: the catalogue keeps them, and the data plane is told before the answer leaves.
extension ControllerBackend {
    func publish(_ name: FunctionName, description: String?) async throws(AdminError) -> PublishedVersion {
        if let description, description.count > PublishedNumber.longestDescription {
            throw AdminError(
                .badRequest, "A description has at most \(PublishedNumber.longestDescription) characters.")
        }
        do throws(CatalogError) {
            let published = try await core.catalog.publish(name, description: description)
            await spread(name)
            return PublishedVersion(published)
        } catch {
            throw AdminError(error, name)
        }
    }

    func publishedVersions(of name: FunctionName) async throws(AdminError) -> [PublishedVersion] {
        try await names(of: name).published.map(PublishedVersion.init)
    }

    func unpublish(_ name: FunctionName, number: Int) async throws(AdminError) {
        do throws(CatalogError) {
            try await core.catalog.unpublish(name, number: number)
        } catch {
            throw AdminError(error, name)
        }
        await spread(name)
    }

    func aliases(of name: FunctionName) async throws(AdminError) -> [AliasInfo] {
        try await names(of: name).aliases.map(AliasInfo.init)
    }

    func setAlias(_ alias: AliasInfo, of name: FunctionName) async throws(AdminError) -> AliasInfo {
        var stored = VersionAlias(alias)
        stored.revision = await core.plane.ask { InvocationID.random(using: &$0.random).description }
        do throws(CatalogError) {
            try await core.catalog.setAlias(stored, of: name)
        } catch {
            throw AdminError(error, name)
        }
        await spread(name)
        return AliasInfo(stored)
    }

    func removeAlias(_ alias: String, of name: FunctionName) async throws(AdminError) {
        do throws(CatalogError) {
            try await core.catalog.removeAlias(alias, of: name)
        } catch {
            throw AdminError(error, name)
        }
        await spread(name)
    }

    private func names(of name: FunctionName) async throws(AdminError) -> VersionNames {
        guard let named = await core.catalog.named(name) else { throw AdminError.functionNotFound(name.rawValue) }
        return named.names
    }

    /// The next invocation is to see what changed.
    private func spread(_ name: FunctionName) async {
        guard let named = await core.catalog.named(name) else { return }
        await core.plane.ask { $0.name(name, named) }
    }

    /// Why a qualifier leads nowhere.
    func unknownQualifier(_ qualifier: String, of name: FunctionName) -> AdminError {
        if Int(qualifier) != nil {
            return AdminError(
                .versionNotFound, "'\(name)' has no published version \(qualifier).",
                hint: "See `glo versions \(name)` for the published numbers.")
        }
        return AdminError(
            .aliasNotFound, "'\(name)' has no alias '\(TerminalText.escaped(String(qualifier.prefix(128))))'.",
            hint: "See `glo alias \(name)`.")
    }
}

extension PublishedVersion {
    init(_ published: PublishedNumber) {
        self.init(
            number: published.number, version: published.version, description: published.description,
            publishedAtMilliseconds: published.publishedAtMilliseconds)
    }
}

extension AliasInfo {
    init(_ alias: VersionAlias) {
        self.init(
            name: alias.name, shares: alias.shares.map { Share(version: $0.version, weight: $0.weight) },
            stickyHeader: alias.stickyHeader, description: alias.description, revision: alias.revision)
    }
}

extension VersionAlias {
    init(_ alias: AliasInfo) {
        self.init(
            name: alias.name, shares: alias.shares.map { Share(version: $0.version, weight: $0.weight) },
            stickyHeader: alias.stickyHeader?.lowercased(), description: alias.description, revision: alias.revision)
    }
}
