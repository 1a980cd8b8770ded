import FunctionModel
import JSONCodec
import TextForms

/// What a good token says.
package struct TokenClaims: Hashable, Sendable {
    /// `sub`; nil when it has none.
    package let subject: String?
    /// `{"jwt":{"claims":{…},"scopes":…}}` in ASCII, as Lambda's HTTP APIs give it to functions: every claim is a text.
    package let authorizer: String

    init(_ claims: JSONObject, _ settings: TokenSettings, now: Double, leeway: Double) throws(TokenError) {
        try Self.checkTimes(claims, now, leeway)
        guard claims["iss"]?.string == settings.issuer else {
            throw .invalid("The token is from another issuer than this route's.")
        }
        let audiences = claims["aud"]?.array?.compactMap(\.string) ?? claims["aud"]?.string.map { [$0] } ?? []
        guard audiences.contains(where: settings.audiences.contains) else {
            throw .invalid("The token is for another audience than this route's.")
        }
        let scopes = Self.scopes(claims)
        for scope in settings.scopes where !scopes.contains(scope) { throw .missingScope(scope) }
        subject = claims["sub"]?.string
        authorizer = Self.authorizer(claims, scopes: settings.scopes.isEmpty ? nil : scopes)
    }

    /// A token without an end would be good for ever, so it must have one.
    private static func checkTimes(_ claims: JSONObject, _ now: Double, _ leeway: Double) throws(TokenError) {
        guard let expiration = claims["exp"]?.number?.double, expiration.isFinite else {
            throw .invalid("The token does not say when it expires.")
        }
        guard now < expiration + leeway else { throw .invalid("The token has expired.") }
        if let claim = claims["nbf"] {
            guard let begin = claim.number?.double, now >= begin - leeway else {
                throw .invalid("The token is not valid yet.")
            }
        }
    }

    /// `scope` (RFC 8693, 4.2), a text with blanks between, or `scp`, which some issuers have instead.
    private static func scopes(_ claims: JSONObject) -> [String] {
        let claim = claims["scope"] ?? claims["scp"]
        if let list = claim?.array { return list.compactMap(\.string) }
        return claim?.string?.split(separator: " ").map(String.init) ?? []
    }

    private static func authorizer(_ claims: JSONObject, scopes: [String]?) -> String {
        var texts = JSONObject()
        for (name, value) in claims.members { texts[name] = .string(text(value)) }
        let jwt: JSONValue = .object(
            JSONObject([
                ("claims", .object(texts)), ("scopes", scopes.map { .array($0.map(JSONValue.string)) } ?? .null),
            ]))
        return ascii(JSONValue.object(JSONObject([("jwt", jwt)])).text)
    }

    /// Lists of plain values are written as Lambda's HTTP APIs write them: `[a b]`.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): return text
        case .array(let items):
            let isPlain = items.allSatisfy { $0.array == nil && $0.object == nil }
            return isPlain ? "[\(items.map(text).joined(separator: " "))]" : value.text
        case .null, .bool, .number, .object: return value.text
        }
    }

    /// The JSON text with escapes for all that is not ASCII, so that it can stand in a header field.
    private static func ascii(_ json: String) -> String {
        guard json.utf8.contains(where: { $0 >= 0x7f }) else { return json }
        var escaped = ""
        for unit in json.utf16 {
            if unit < 0x7f, let scalar = Unicode.Scalar(unit) {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += "\\u" + Hexadecimal.text(word: unit)
            }
        }
        return escaped
    }
}
