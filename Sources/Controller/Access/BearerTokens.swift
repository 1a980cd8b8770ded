import AccessControl

/// The bearer tokens that a controller takes: its admin token, and those that `glo token create --scope` made.
struct BearerTokens: Sendable {
    let adminToken: AdminToken?
    let tokens: AccessTokens?

    /// Who has this token; nil when nobody does.
    func principal(token: String, nowMilliseconds: Int64) -> Principal? {
        if let adminToken, adminToken.matches(token: token) {
            return Principal(actor: "admin-token", scopes: [.admin])
        }
        return tokens?.token(token, nowMilliseconds: nowMilliseconds).map {
            Principal(actor: "token:\($0.name ?? $0.id)", scopes: $0.scopes)
        }
    }
}
