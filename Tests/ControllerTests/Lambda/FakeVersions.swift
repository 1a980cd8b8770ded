import AdminModel
import FunctionCatalog
import FunctionModel

@testable import Controller

/// Published versions and aliases in memory, over a real catalogue.
actor FakeVersions: VersionBackend {
    private let catalog: FunctionCatalog
    private var published: [FunctionName: [PublishedVersion]] = [:]
    private var names: [FunctionName: [String: AliasInfo]] = [:]
    private var revision = 0

    init(_ catalog: FunctionCatalog) { self.catalog = catalog }

    func publish(_ name: FunctionName, description: String?) async throws(AdminError) -> PublishedVersion {
        guard let current = await catalog.entry(name)?.current else { throw .functionNotFound(name.rawValue) }
        if let known = published[name]?.first(where: { $0.version == current.number }) { return known }
        let number = (published[name]?.last?.number ?? 0) + 1
        let new = PublishedVersion(
            number: number, version: current.number, description: description, publishedAtMilliseconds: 1_000)
        published[name, default: []].append(new)
        return new
    }

    func publishedVersions(of name: FunctionName) async throws(AdminError) -> [PublishedVersion] {
        published[name] ?? []
    }

    func unpublish(_ name: FunctionName, number: Int) async throws(AdminError) {
        published[name]?.removeAll { $0.number == number }
    }

    func aliases(of name: FunctionName) async throws(AdminError) -> [AliasInfo] {
        (names[name] ?? [:]).values.sorted { $0.name < $1.name }
    }

    func setAlias(_ alias: AliasInfo, of name: FunctionName) async throws(AdminError) -> AliasInfo {
        revision += 1
        var alias = alias
        alias.revision = "revision-\(revision)"
        names[name, default: [:]][alias.name] = alias
        return alias
    }

    func removeAlias(_ alias: String, of name: FunctionName) async throws(AdminError) { names[name]?[alias] = nil }
}
