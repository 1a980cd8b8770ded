import AccessControl

/// The bearer tokens that a controller takes: its admin token, and those that `glo token create --scope` made.
struct BearerTokens: Sendable {
    let adminToken: AdminToken?
    let tokens: AccessTokens?

    /// Which token this text is; nil when it is none that is good now.
    func credential(token: String, nowMilliseconds: Int64) -> BearerCredential? {
        if let adminToken, adminToken.matches(token: token) { return .adminToken }
        return tokens?.token(token, nowMilliseconds: nowMilliseconds).map { .token(hash: $0.hash) }
    }

    /// What somebody with this token may do now; nil once it was taken away or has expired.
    func principal(of credential: BearerCredential, nowMilliseconds: Int64) -> Principal? {
        switch credential {
        case .adminToken: return adminToken == nil ? nil : Principal(actor: "admin-token", scopes: [.admin])
        case .token(let hash):
            return tokens?.token(hash: hash, nowMilliseconds: nowMilliseconds).map {
                Principal(actor: "token:\($0.name ?? $0.id)", scopes: $0.scopes)
            }
        }
    }

    /// Who has this token; nil when nobody does.
    func principal(token: String, nowMilliseconds: Int64) -> Principal? {
        credential(token: token, nowMilliseconds: nowMilliseconds)
            .flatMap { principal(of: $0, nowMilliseconds: nowMilliseconds) }
    }
}
