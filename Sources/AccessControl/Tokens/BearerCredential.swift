/// Which bearer token somebody has shown, without the token itself.
package enum BearerCredential: Hashable, Sendable {
    /// The controller's own, which its configuration names.
    case adminToken
    /// One that `glo token create --scope` made, by its SHA-256 (``AccessToken/hash``).
    case token(hash: String)
}
