package import AdminModel
package import Controller
package import FunctionModel
import Synchronization

/// `hello` has the published number 1, its version 2, and the alias `live`, which a tenth of is version 3.
extension FakeBackend {
    package static let live = AliasInfo(
        name: "live", shares: [.init(version: 2, weight: 0.9), .init(version: 3, weight: 0.1)],
        stickyHeader: "x-user", revision: "1b4e28ba-2fa1-41d2-883f-0016d3cca428")
    package static let first = PublishedVersion(
        number: 1, version: 2, description: "the first", publishedAtMilliseconds: moment)

    package func publish(_ name: FunctionName, description: String?) async throws(AdminError) -> PublishedVersion {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        return PublishedVersion(
            number: 2, version: 3, description: description, publishedAtMilliseconds: Self.moment)
    }

    package func publishedVersions(of name: FunctionName) async throws(AdminError) -> [PublishedVersion] {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        return [Self.first]
    }

    package func unpublish(_ name: FunctionName, number: Int) async throws(AdminError) {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        switch number {
        case 1: throw AdminError(.versionInUse, "the alias 'live' of 'hello' names version 1", hint: "move it")
        case 2: break
        default: throw AdminError(.versionNotFound, "'hello' has no published version \(number)")
        }
    }

    package func aliases(of name: FunctionName) async throws(AdminError) -> [AliasInfo] {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        return [Self.live]
    }

    package func setAlias(_ alias: AliasInfo, of name: FunctionName) async throws(AdminError) -> AliasInfo {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        guard alias.shares.allSatisfy({ $0.version < 99 }) else {
            throw AdminError(.versionNotFound, "'hello' has no version 99", hint: "there are 2, 3")
        }
        guard abs(alias.shares.reduce(0) { $0 + $1.weight } - 1) < 1e-6 else {
            throw AdminError(.aliasInvalid, "the weights do not add up to 1")
        }
        aliasesSet.withLock { $0.append(alias) }
        var alias = alias
        alias.revision = Self.live.revision
        return alias
    }

    package func removeAlias(_ alias: String, of name: FunctionName) async throws(AdminError) {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        guard alias == "live" else { throw AdminError(.aliasNotFound, "'hello' has no alias '\(alias)'") }
        aliasesRemoved.withLock { $0.append(alias) }
    }
}
