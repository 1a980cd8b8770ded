package import AdminModel
package import FunctionModel

/// Published versions and aliases. Every method may be called at any time, from any task, and throws
/// `function_not_found` for a name of no function.
package protocol VersionBackend: Sendable {
    /// Gives the version that serves a lasting number; one that has a number already keeps it.
    func publish(_ name: FunctionName, description: String?) async throws(AdminError) -> PublishedVersion

    /// By number.
    func publishedVersions(of name: FunctionName) async throws(AdminError) -> [PublishedVersion]

    /// Takes a published number away.
    ///
    /// - Throws: `version_not_found`; `version_in_use` when an alias names it.
    func unpublish(_ name: FunctionName, number: Int) async throws(AdminError)

    /// By name.
    func aliases(of name: FunctionName) async throws(AdminError) -> [AliasInfo]

    /// Makes or replaces an alias, and publishes the versions that it names. The revision is set anew.
    ///
    /// - Throws: `version_not_found`; `alias_invalid`.
    func setAlias(_ alias: AliasInfo, of name: FunctionName) async throws(AdminError) -> AliasInfo

    /// - Throws: `alias_not_found`.
    func removeAlias(_ alias: String, of name: FunctionName) async throws(AdminError)
}
