/// A name for a version of a function, or for several with weights.
package struct AliasInfo: Codable, Hashable, Sendable {
    /// One version's part of an alias's invocations.
    package struct Share: Codable, Hashable, Sendable {
        /// Glo's number of the version.
        package var version: Int
        /// Above 0; those of an alias add up to 1.
        package var weight: Double

        package init(version: Int, weight: Double) {
            self.version = version
            self.weight = weight
        }
    }

    package var name: String
    /// The first one is the main version: what is not said of others goes to it.
    package var shares: [Share]
    /// A request's header field, in lower case, whose equal values get the same version.
    package var stickyHeader: String?
    package var description: String?
    /// Changes with every change of the alias; a lower-case UUID.
    package var revision: String

    package init(
        name: String, shares: [Share], stickyHeader: String? = nil, description: String? = nil, revision: String
    ) {
        self.name = name
        self.shares = shares
        self.stickyHeader = stickyHeader
        self.description = description
        self.revision = revision
    }

    enum CodingKeys: String, CodingKey {
        case name
        case shares = "versions"
        case stickyHeader, description, revision
    }
}
