import Crypto
import TextForms

/// A bearer token as it is kept: its hash, never itself.
package struct AccessToken: Codable, Hashable, Sendable {
    /// Short and public; names the token in lists and in the audit log.
    package var id: String
    package var name: String?
    package var scopes: [AccessScope]
    /// SHA-256 of the token, lower-case hexadecimal. Tokens are random, so nothing slower is needed.
    package var hash: String
    /// Unix times in milliseconds.
    package var createdAtMilliseconds: Int64
    /// Nil is never.
    package var expiresAtMilliseconds: Int64?

    /// What tokens begin with, so that people and scanners recognise one.
    package static let prefix = "glo_"
    private static let secretBytes = 32

    /// Makes a token.
    /// - Returns: what is kept, and the token itself, which is shown once.
    package static func make(
        name: String?, scopes: [AccessScope], nowMilliseconds: Int64, lifetimeMilliseconds: Int64?
    ) -> (record: AccessToken, token: String) {
        var random = SystemRandomNumberGenerator()
        let secret = Hexadecimal.text((0..<secretBytes).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let token = prefix + secret
        let record = AccessToken(
            id: String(hash(token).prefix(8)), name: name, scopes: scopes, hash: hash(token),
            createdAtMilliseconds: nowMilliseconds,
            expiresAtMilliseconds: lifetimeMilliseconds.map { nowMilliseconds + $0 })
        return (record, token)
    }

    package func isExpired(atMilliseconds now: Int64) -> Bool { expiresAtMilliseconds.map { now >= $0 } ?? false }

    package func allows(_ needed: AccessScope) -> Bool { scopes.contains { $0.includes(needed) } }

    package static func hash(_ token: String) -> String { Hexadecimal.text(SHA256.hash(data: Array(token.utf8))) }
}
