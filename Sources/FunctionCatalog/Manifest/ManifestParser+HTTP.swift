import FunctionModel
import Yams

extension ManifestParser {
    private static let httpMethods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    private static let httpKeys = [
        "path", "methods", "mode", "topic", "alias", "strip", "format", "cors", "auth", "rateLimit", "maxBody",
    ]
    /// The largest body that is held in memory for a function.
    private static let largestBody = 100 << 20
    /// What the event store takes.
    private static let largestEvent = 1 << 20

    mutating func readHTTP(_ field: Field) -> HTTPTrigger? {
        if field.text != nil { return readPath(field).map { HTTPTrigger(path: $0) } }
        guard let fields = reader.fields(of: field.value, in: field.name, allowed: Self.httpKeys) else { return nil }
        let mode = reader.choice(fields["mode"], HTTPTrigger.Mode.self)
        let topic = name(fields["topic"], "a name of a topic")
        if mode == .sync, fields["topic"] != nil {
            reader.fail(
                "'\(field.name)' publishes to a topic, so nobody can wait for an answer",
                hint: "remove mode, or write mode: async", code: .contradiction, line: fields["mode"]?.valueLine)
        }
        let alias = readAlias(fields["alias"])
        if topic != nil, let field = fields["alias"] {
            reader.fail(
                "'\(field.name)' has no meaning with 'topic': its subscribers run",
                hint: "write alias at their triggers", code: .contradiction, line: field.line)
        }
        var trigger = HTTPTrigger(path: "/", mode: mode ?? (topic == nil ? .sync : .async), topic: topic, alias: alias)
        trigger.methods = readMethods(fields["methods"])
        trigger.auth = readAuth(fields["auth"])
        trigger.format = reader.choice(fields["format"]) ?? .http
        trigger.cors = readCORS(fields["cors"])
        trigger.rateLimit = readRateLimit(fields["rateLimit"], auth: trigger.auth, hasAuth: fields["auth"] != nil)
        trigger.maxBodyBytes = readMaxBody(fields["maxBody"], trigger)
        guard let pathField = fields["path"] else {
            reader.fail("'\(field.name)' has no 'path'", hint: "write path: /something", line: field.line)
            return nil
        }
        guard let path = readPath(pathField) else { return nil }
        trigger.path = path
        trigger.stripsBase = readStrip(fields["strip"], path, topic)
        return trigger
    }

    private mutating func readPath(_ field: Field) -> String? {
        guard let path = reader.text(field) else { return nil }
        if let violation = RoutePatternRule.violation(path) {
            reader.fail("'\(field.name)' is '\(path)': \(violation)", line: field.valueLine)
            return nil
        }
        return path
    }

    mutating func readMethods(_ field: Field?) -> [String]? {
        guard let field, let items = reader.items(field, limit: 16) else { return nil }
        if items.isEmpty {
            reader.fail("'\(field.name)' is an empty list", hint: "leave it out for any method", line: field.line)
        }
        var methods: [String] = []
        for item in items {
            guard let method = item.text, Self.httpMethods.contains(method) else {
                let allowed = Self.httpMethods.sorted()
                let near = item.text.flatMap { NearestKey.find($0, among: allowed) }
                reader.fail(
                    "'\(item.name)' is \(item.kind); it must be one of \(allowed.joined(separator: ", "))",
                    hint: near.map { "did you mean '\($0)'?" }, line: item.valueLine)
                continue
            }
            if !methods.contains(method) { methods.append(method) }
        }
        return methods
    }

    private mutating func readStrip(_ field: Field?, _ path: String, _ topic: String?) -> Bool {
        guard let field, reader.flag(field) == true else { return false }
        if topic != nil {
            reader.fail(
                "'\(field.name)' has no meaning with 'topic'", hint: "subscribers are given the body alone",
                code: .contradiction, line: field.valueLine)
        } else if path.dropFirst().prefix(while: { $0 != "/" }).contains(where: { "{*".contains($0) }) || path == "/" {
            reader.fail(
                "'\(field.name)' is true, but the path '\(path)' has no literal beginning",
                hint: "write a path such as /api/{rest+}", code: .contradiction, line: field.valueLine)
        }
        return true
    }

    private mutating func readMaxBody(_ field: Field?, _ trigger: HTTPTrigger) -> Int? {
        guard let field, let bytes = reader.size(field, in: 1024...Self.largestBody) else { return nil }
        if trigger.mode == .async, bytes > Self.largestEvent {
            reader.fail(
                "'\(field.name)' is \(Quantity.describe(bytes: bytes)), but stored events have at most "
                    + Quantity.describe(bytes: Self.largestEvent),
                code: .contradiction, line: field.valueLine)
        }
        return bytes
    }

    // MARK: Rates

    private mutating func readRateLimit(_ field: Field?, auth: RouteAuth?, hasAuth: Bool) -> RateLimitSettings? {
        guard let field,
            let fields = reader.fields(of: field.value, in: field.name, allowed: ["rate", "burst", "by"])
        else { return nil }
        let burst = reader.integer(fields["burst"], in: 1...1_000_000)
        let client = readClient(fields["by"], auth: auth, hasAuth: hasAuth)
        guard let rateField = fields["rate"] else {
            reader.fail("'\(field.name)' has no 'rate'", hint: "write rate: 10/s", line: field.line)
            return nil
        }
        guard let rate = readRate(rateField) else { return nil }
        return RateLimitSettings(rate: rate, burst: burst ?? rate.count, client: client)
    }

    private mutating func readClient(_ field: Field?, auth: RouteAuth?, hasAuth: Bool) -> RateLimitSettings.Client {
        guard let field, let text = reader.text(field, limit: 128) else { return .address }
        switch text {
        case "ip": return .address
        case "key":
            let isIdentified: Bool
            switch auth {
            case .keys, .token, .sigV4: isIdentified = true
            case .webhook, nil: isIdentified = false
            }
            // A wrong `auth` has been told of already.
            if !isIdentified, auth != nil || !hasAuth {
                reader.fail(
                    "'\(field.name)' is 'key', but the route's 'auth' does not tell one client from another",
                    hint: "add auth with type: key or jwt, or write by: ip", code: .contradiction,
                    line: field.valueLine)
            }
            return .identity
        default:
            let header = text.hasPrefix("header:") ? text.dropFirst(7).lowercased() : ""
            if Self.isHeaderName(header) { return .header(header) }
            reader.fail(
                "'\(field.name)' is '\(text)', which tells no client from another",
                hint: "write ip, key or header:NAME", line: field.valueLine)
            return .address
        }
    }

    /// A token of HTTP (RFC 9110, 5.6.2).
    static func isHeaderName(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
