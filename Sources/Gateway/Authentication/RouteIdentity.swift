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

    /// The field in which every contract gets ``authorizer``; no client can send one of this name.
    package static let fieldName = "glo-authorizer"
}
