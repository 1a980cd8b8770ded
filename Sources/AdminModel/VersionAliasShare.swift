/// An alias that names a version, with the version's part of it.
package struct VersionAliasShare: Codable, Hashable, Sendable {
    package var name: String
    /// Above 0, at most 1.
    package var weight: Double

    package init(name: String, weight: Double) {
        self.name = name
        self.weight = weight
    }
}
