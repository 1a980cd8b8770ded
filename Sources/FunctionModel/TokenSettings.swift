/// Which JSON Web Tokens a route believes (RFC 7519).
package struct TokenSettings: Hashable, Sendable {
    /// Where the keys are (a JWK Set, RFC 7517).
    package enum KeySet: Hashable, Sendable {
        case secret(String)
        /// A file of the function, relative to its directory.
        case file(String)
        /// An `https` URL.
        case url(String)
    }

    package enum Algorithm: String, Hashable, Sendable, CaseIterable {
        case rs256 = "RS256"
        case rs384 = "RS384"
        case rs512 = "RS512"
        case ps256 = "PS256"
        case ps384 = "PS384"
        case ps512 = "PS512"
        case es256 = "ES256"
        case es384 = "ES384"
        case es512 = "ES512"
        case edDSA = "EdDSA"
        case hs256 = "HS256"
        case hs384 = "HS384"
        case hs512 = "HS512"

        /// Whether who can check a token can also make one.
        package var isSymmetric: Bool {
            switch self {
            case .hs256, .hs384, .hs512: true
            case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512, .es256, .es384, .es512, .edDSA: false
            }
        }
    }

    package var keySet: KeySet
    package var issuer: String
    /// One of them must be among the token's.
    package var audiences: [String]
    package var algorithms: [Algorithm]
    /// All of them must be among the token's.
    package var scopes: [String]

    package init(
        keySet: KeySet, issuer: String, audiences: [String], algorithms: [Algorithm] = [.rs256, .es256],
        scopes: [String] = []
    ) {
        self.keySet = keySet
        self.issuer = issuer
        self.audiences = audiences
        self.algorithms = algorithms
        self.scopes = scopes
    }
}
