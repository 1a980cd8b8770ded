import FunctionModel
import Yams

extension ManifestParser {
    private enum AuthType: String, CaseIterable {
        case key
        case jwt
        case hmac
        case sigv4

        /// The keys beside `type`.
        var keys: [String] {
            switch self {
            case .key: ["keys"]
            case .jwt: ["jwks", "issuer", "audience", "algorithms", "scopes"]
            case .hmac: ["provider", "secret", "tolerance"]
            case .sigv4: []
            }
        }
    }

    /// Nil for a route that is open to all. Whoever asks for a protection that cannot be given gets an error, never an
    /// open route.
    mutating func readAuth(_ field: Field?) -> RouteAuth? {
        guard let field, field.text != "none" else { return nil }
        if field.text == "sigv4" { return .sigV4 }
        guard let mapping = field.value.mapping else {
            reader.fail(
                "'\(field.name)' is \(field.kind), which protects nothing; the route is not served unprotected",
                hint: "write auth: none, or auth: {type: key, keys: [NAME]}, or type: jwt or hmac, or sigv4",
                code: .refused,
                line: field.valueLine)
            return nil
        }
        guard let typeNode = mapping["type"] else {
            reader.fail("'\(field.name)' has no 'type'", hint: "key, jwt, hmac or sigv4", line: field.line)
            return nil
        }
        let typeField = Field(name: "\(field.name).type", value: typeNode, line: typeNode.mark?.line ?? field.line)
        guard let type = reader.choice(typeField, AuthType.self),
            let fields = reader.fields(of: field.value, in: field.name, allowed: ["type"] + type.keys)
        else { return nil }
        switch type {
        case .key: return readKeys(fields["keys"], of: field)
        case .jwt: return readToken(fields, of: field)
        case .hmac: return readWebhook(fields, of: field)
        case .sigv4: return .sigV4
        }
    }

    private mutating func readKeys(_ field: Field?, of auth: Field) -> RouteAuth? {
        let names = readNames(field, of: auth, "keys", "a name of a secret", hint: "write keys: [NAME], a secret each")
        return names.map(RouteAuth.keys)
    }

    private mutating func readWebhook(_ fields: [String: Field], of auth: Field) -> RouteAuth? {
        let provider = reader.choice(fields["provider"], WebhookSettings.Provider.self)
        let secret = name(fields["secret"], "a name of a secret")
        let tolerance = reader.duration(fields["tolerance"], in: 1000...86_400_000)
        for key in ["provider", "secret"] where fields[key] == nil {
            reader.fail("'\(auth.name)' has no '\(key)'", line: auth.line)
        }
        if let provider, !provider.signsTime, let field = fields["tolerance"] {
            reader.fail(
                "'\(field.name)' has no meaning for \(provider.rawValue), which signs no time", code: .contradiction,
                line: field.line)
        }
        guard let provider, let secret else { return nil }
        return .webhook(
            WebhookSettings(provider: provider, secret: secret, toleranceSeconds: (tolerance ?? 300_000) / 1000))
    }

    // MARK: Tokens

    private mutating func readToken(_ fields: [String: Field], of auth: Field) -> RouteAuth? {
        let keySet = readKeySet(fields["jwks"])
        let issuer = reader.text(fields["issuer"], limit: 2048)
        let audiences = readAudiences(fields["audience"])
        let algorithms = readAlgorithms(fields["algorithms"], keySet)
        var scopes: [String] = []
        for item in reader.items(fields["scopes"], limit: 100) ?? [] {
            if let scope = reader.text(item, limit: 256) { scopes.append(scope) }
        }
        for key in ["jwks", "issuer", "audience"] where fields[key] == nil {
            reader.fail("'\(auth.name)' has no '\(key)'", line: auth.line)
        }
        guard let keySet, let issuer, let audiences else { return nil }
        var settings = TokenSettings(keySet: keySet, issuer: issuer, audiences: audiences, scopes: scopes)
        if let algorithms { settings.algorithms = algorithms }
        return .token(settings)
    }

    private mutating func readKeySet(_ field: Field?) -> TokenSettings.KeySet? {
        guard let field, let text = reader.text(field, limit: 2048) else { return nil }
        if text.hasPrefix("./") {
            let parts = text.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false)
            if parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) {
                return .file(String(text.dropFirst(2)))
            }
        } else if text.hasPrefix("https://") {
            if text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), text.utf8.count > 8 { return .url(text) }
        } else if Self.isIdentifier(text) {
            return .secret(text)
        }
        let why = text.hasPrefix("http://") ? "which is not encrypted" : "which is no place of keys"
        reader.fail(
            "'\(field.name)' is '\(text)', \(why)",
            hint: "a secret's NAME, a file of the function as ./FILE, or https://HOST/PATH", line: field.valueLine)
        return nil
    }

    private mutating func readAudiences(_ field: Field?) -> [String]? {
        guard let field else { return nil }
        if field.text != nil { return reader.text(field).map { [$0] } }
        guard let items = reader.items(field, limit: 100) else { return nil }
        if items.isEmpty { reader.fail("'\(field.name)' is an empty list", line: field.line) }
        let texts = items.compactMap { reader.text($0) }
        return texts.isEmpty ? nil : texts
    }

    private mutating func readAlgorithms(
        _ field: Field?, _ keySet: TokenSettings.KeySet?
    ) -> [TokenSettings.Algorithm]? {
        guard let field, let items = reader.items(field, limit: 20) else { return nil }
        if items.isEmpty { reader.fail("'\(field.name)' is an empty list", line: field.line) }
        let algorithms = items.compactMap { reader.choice($0, TokenSettings.Algorithm.self) }
        if algorithms.contains(where: \.isSymmetric), let keySet {
            switch keySet {
            case .secret: break
            case .file, .url:
                reader.fail(
                    "'\(field.name)' has a shared key, which has to be a secret", hint: "write jwks: NAME of a secret",
                    code: .contradiction, line: field.valueLine)
            }
        }
        return algorithms.isEmpty ? nil : algorithms
    }

    private mutating func readNames(
        _ field: Field?, of parent: Field, _ key: String, _ noun: String, hint: String
    ) -> [String]? {
        guard let field else {
            reader.fail("'\(parent.name)' has no '\(key)'", hint: hint, line: parent.line)
            return nil
        }
        guard let items = reader.items(field, limit: 100) else { return nil }
        if items.isEmpty { reader.fail("'\(field.name)' is an empty list", hint: hint, line: field.line) }
        var names: [String] = []
        for item in items {
            guard let name = name(item, noun) else { continue }
            if names.contains(name) {
                reader.fail("'\(name)' comes twice in '\(field.name)'", line: item.valueLine)
            } else {
                names.append(name)
            }
        }
        return names.isEmpty ? nil : names
    }
}
