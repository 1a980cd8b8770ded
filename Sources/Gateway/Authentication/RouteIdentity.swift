/// Who sent a request, as far as it was proved.
package struct RouteIdentity: Hashable, Sendable {
    /// What tells this client from others, for rate limits; never a secret.
    package let name: String
    /// A JSON object in ASCII for `requestContext.authorizer`; nil tells the function nothing.
    package let authorizer: String?

    package init(name: String, authorizer: String?) {
        self.name = name
        self.authorizer = authorizer
    }

    /// Names this client among all that the routes of a function let in; nil when nothing tells it from others.
    package var caller: String? {
        guard !name.isEmpty else { return nil }
        // The first member's name is the kind of proof: a key and a token may have one name.
        return "\(authorizer?.prefix { $0 != ":" } ?? "") \(name)"
    }

    /// The field in which every contract gets ``authorizer``; no client can send one of this name.
    package static let fieldName = "glo-authorizer"
}
