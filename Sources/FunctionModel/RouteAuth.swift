/// What a request has to show before a route lets it pass.
package enum RouteAuth: Hashable, Sendable {
    /// One of the API keys in the secrets of these names.
    case keys([String])
    /// A JSON Web Token.
    case token(TokenSettings)
    /// The signature of a webhook's sender.
    case webhook(WebhookSettings)
    /// A signature by AWS's Signature Version 4.
    case sigV4
}
