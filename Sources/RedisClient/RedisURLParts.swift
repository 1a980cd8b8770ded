import TextForms

/// What lies behind the scheme of an endpoint's URL, percent-decoded.
struct RedisURLParts {
    let credentials: RedisCredentials?
    /// What names one host or several, not decoded.
    let hosts: Substring
    /// The path's parts; none for no path.
    let path: [String]
    let query: [String: String]

    init(_ text: Substring) throws(RedisError) {
        let (beforeQuery, query) = Self.split(text, at: "?")
        let authority = beforeQuery.prefix { $0 != "/" }
        self.query = try Self.query(query ?? "")
        path = try Self.path(beforeQuery[authority.endIndex...])
        guard let at = authority.lastIndex(of: "@") else {
            credentials = nil
            hosts = authority
            return
        }
        credentials = try Self.credentials(authority[..<at])
        hosts = authority[authority.index(after: at)...]
    }

    /// Refuses parameters that mean nothing.
    func allow(query names: [String]) throws(RedisError) {
        for name in query.keys.sorted() where !names.contains(name) {
            let known = names.isEmpty ? "There are none here." : "There are: \(names.joined(separator: ", "))."
            throw .endpoint("'\(name)' is no parameter of this Redis URL.", hint: known)
        }
    }

    /// The credentials that two parameters give.
    func credentials(user: String, password: String) throws(RedisError) -> RedisCredentials? {
        if let secret = query[password] { return RedisCredentials(user: query[user], password: secret) }
        guard query[user] == nil else { throw Self.noPassword }
        return nil
    }

    /// Reads `host`, `host:port` or `[ipv6]:port`.
    static func address(_ text: Substring, defaultPort: Int) throws(RedisError) -> RedisAddress {
        var host = text
        var port: Substring?
        if text.first == "[", let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else {
                throw .endpoint("Behind the brackets of an address only a port may follow.", hint: hostHint)
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else {
            (host, port) = split(text, at: ":")
        }
        guard !host.isEmpty else { throw .endpoint("The Redis URL has no host.", hint: hostHint) }
        guard let port else { return RedisAddress(host: String(host), port: defaultPort) }
        guard let number = UInt16(port), number > 0 else {
            throw .endpoint("The port of the Redis URL is no number from 1 to 65535.", hint: hostHint)
        }
        return RedisAddress(host: String(host), port: Int(number))
    }

    /// Reads a database's number; 0 for none.
    static func database(_ text: String?) throws(RedisError) -> Int {
        guard let text, !text.isEmpty else { return 0 }
        guard let number = UInt16(text) else {
            throw .endpoint("The database of the Redis URL is no number.", hint: "Use redis://host:6379/0.")
        }
        return Int(number)
    }

    private static let hostHint = "Use host, host:port or [ipv6]:port."
    private static let noPassword = RedisError.endpoint(
        "The Redis URL has a user without a password.",
        hint: "Use redis://user:password@host or redis://:password@host.")

    private static func credentials(_ text: Substring) throws(RedisError) -> RedisCredentials? {
        guard !text.isEmpty else { return nil }
        let (user, password) = split(text, at: ":")
        guard let password else { throw noPassword }
        return RedisCredentials(user: user.isEmpty ? nil : try decode(user), password: try decode(password))
    }

    private static func query(_ text: Substring) throws(RedisError) -> [String: String] {
        var query: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let (name, value) = split(pair, at: "=")
            query[try decode(name)] = try decode(value ?? "")
        }
        return query
    }

    private static func path(_ text: Substring) throws(RedisError) -> [String] {
        guard text.count > 1 else { return [] }
        var parts: [String] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            parts.append(try decode(part))
        }
        return parts
    }

    private static func split(_ text: Substring, at separator: Character) -> (Substring, Substring?) {
        guard let index = text.firstIndex(of: separator) else { return (text, nil) }
        return (text[..<index], text[text.index(after: index)...])
    }

    private static func decode(_ text: Substring) throws(RedisError) -> String {
        guard let bytes = PercentEncoding.strictlyDecoded(text.utf8),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { throw badEncoding }
        return decoded
    }

    private static let badEncoding = RedisError.endpoint(
        "The Redis URL has a '%' that two hexadecimal digits do not follow, or bytes that are not UTF-8.",
        hint: "Write a '%' of a password as '%25'.")
}

extension RedisError {
    static func endpoint(_ message: String, hint: String) -> RedisError {
        RedisError(.invalidEndpoint, message, hint: hint)
    }
}
