package import FunctionModel

/// What names versions of a function, with those versions.
package struct NamedVersions: Sendable {
    package var names: VersionNames
    /// By Glo's number; each knows its published number. One whose files cannot be used is missing.
    package var versions: [Int: FunctionVersion]

    package init(names: VersionNames, versions: [Int: FunctionVersion]) {
        self.names = names
        self.versions = versions
    }
}
