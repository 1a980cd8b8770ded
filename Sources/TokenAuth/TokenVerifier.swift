package import FunctionModel
import JSONCodec
import JWTKit
import TextForms

/// Checks JSON Web Tokens against one set of keys (RFC 7519, RFC 7517).
package struct TokenVerifier: Sendable {
    /// The longest token that is looked at, in bytes.
    package static let longestToken = 16_384
    /// How far clocks may differ, in seconds.
    private static let leewaySeconds = 60.0

    private let settings: TokenSettings
    /// Each algorithm with the keys that are for it, so that no token can choose how its key is used.
    private let keys: [TokenSettings.Algorithm: JWTKeyCollection]
    /// The ids of each algorithm's keys; a token that names none of them may be signed with a newer one.
    private let keyIDs: [TokenSettings.Algorithm: Set<String>]

    /// - Parameter keySet: a JWK Set as JSON. Keys that are of no use for the route's algorithms are left out.
    package init(keySet: [UInt8], settings: TokenSettings) async throws(TokenError) {
        self.settings = settings
        let usable = try KeySetReader.read(keySet)
        var keys: [TokenSettings.Algorithm: JWTKeyCollection] = [:]
        var ids: [TokenSettings.Algorithm: Set<String>] = [:]
        for algorithm in settings.algorithms {
            let collection = JWTKeyCollection()
            for key in usable where await key.add(to: collection, for: algorithm) {
                keys[algorithm] = collection
                ids[algorithm, default: []].insert(key.id)
            }
        }
        guard !keys.isEmpty else {
            let names = settings.algorithms.map(\.rawValue).joined(separator: ", ")
            throw .keySet("the key set has no key for \(names)")
        }
        self.keys = keys
        keyIDs = ids
    }

    /// Checks signature, times, issuer, audience and scopes.
    ///
    /// - Parameter nowSeconds: Unix time.
    package func verify(_ token: String, nowSeconds: Int64) async throws(TokenError) -> TokenClaims {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard token.utf8.count <= Self.longestToken, parts.count == 3,
            let header = Self.decoded(parts[0]).flatMap({ try? JSONValue($0) })?.object,
            let payload = Self.decoded(parts[1]).flatMap({ try? JSONValue($0) })?.object,
            !parts[2].isEmpty, Self.decoded(parts[2]) != nil
        else { throw .invalid("The token is no JSON Web Token.") }
        guard let algorithm = header["alg"]?.string.flatMap(TokenSettings.Algorithm.init(rawValue:)),
            settings.algorithms.contains(algorithm)
        else { throw .invalid("The token is signed with an algorithm that this route does not take.") }
        // What a token calls critical has to be understood (RFC 7515, 4.1.11).
        guard header["crit"] == nil else { throw .invalid("The token has an extension that is not understood.") }
        guard let keys = keys[algorithm] else { throw .unknownKey }
        if let id = header["kid"]?.string, keyIDs[algorithm]?.contains(id) != true { throw .unknownKey }
        do {
            _ = try await keys.verify(token, as: UncheckedClaims.self, iteratingKeys: header["kid"] == nil)
        } catch {
            throw .invalid("The token's signature does not fit.")
        }
        return try TokenClaims(payload, settings, now: Double(nowSeconds), leeway: Self.leewaySeconds)
    }

    /// One of a token's three parts (RFC 7515, 2).
    private static func decoded(_ part: Substring.UTF8View) -> [UInt8]? { Base64.decode(String(Substring(part)), .url) }
}

/// The claims are read from the same bytes, but not through Codable.
private struct UncheckedClaims: JWTPayload {
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
