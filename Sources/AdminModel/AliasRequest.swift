/// The body that makes or replaces an alias.
package struct AliasRequest: Codable, Hashable, Sendable {
    package var name: String
    /// The first one is the main version; the weights add up to 1.
    package var shares: [AliasInfo.Share]
    /// A request's header field, whose equal values get the same version.
    package var stickyHeader: String?
    package var description: String?

    package init(
        name: String, shares: [AliasInfo.Share], stickyHeader: String? = nil, description: String? = nil
    ) {
        self.name = name
        self.shares = shares
        self.stickyHeader = stickyHeader
        self.description = description
    }

    enum CodingKeys: String, CodingKey {
        case name
        case shares = "versions"
        case stickyHeader, description
    }
}
