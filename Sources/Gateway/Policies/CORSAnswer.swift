import FunctionModel
import HTTPCodec

/// The fields by which a browser learns what a page of another origin may do (Fetch standard, 3.2).
enum CORSAnswer {
    /// The method that a browser asks about before it sends the request itself; nil for any other request.
    static func askedMethod(_ head: HTTPRequestHead) -> HTTPMethod? {
        guard head.method == .options, head.fields.contains("origin"),
            let method = head.fields.first("access-control-request-method")
        else { return nil }
        return HTTPMethod(name: method)
    }

    /// The answer to a browser's question. An origin or method that may not is told nothing, which is a no.
    static func preflight(_ head: HTTPRequestHead, _ settings: CORSSettings) -> HTTPFields {
        var fields = HTTPFields()
        let method = head.fields.first("access-control-request-method") ?? ""
        let isMethodAllowed = settings.methods?.contains(method) ?? true
        if isMethodAllowed, let origin = allowedOrigin(head.fields.first("origin"), settings) {
            fields.append(name: "Access-Control-Allow-Origin", value: origin)
            if settings.credentials { fields.append(name: "Access-Control-Allow-Credentials", value: "true") }
            let methods = settings.methods?.joined(separator: ", ") ?? method
            fields.append(name: "Access-Control-Allow-Methods", value: methods)
            if let headers = allowedHeaders(head, settings) {
                fields.append(name: "Access-Control-Allow-Headers", value: headers)
            }
            if let maxAge = settings.maxAgeSeconds {
                fields.append(name: "Access-Control-Max-Age", value: "\(maxAge)")
            }
        }
        fields.append(
            name: "Vary", value: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
        return fields
    }

    /// What goes on every other answer of the route.
    static func fields(origin: String?, _ settings: CORSSettings) -> HTTPFields {
        var fields = HTTPFields()
        if let allowed = allowedOrigin(origin, settings) {
            fields.append(name: "Access-Control-Allow-Origin", value: allowed)
            if settings.credentials { fields.append(name: "Access-Control-Allow-Credentials", value: "true") }
            if !settings.exposedHeaders.isEmpty {
                fields.append(
                    name: "Access-Control-Expose-Headers", value: settings.exposedHeaders.joined(separator: ", "))
            }
        }
        // Without an origin too: a cache must not give the answer to a page that would need the fields.
        if settings.origins != .any { fields.append(name: "Vary", value: "Origin") }
        return fields
    }

    private static func allowedOrigin(_ origin: String?, _ settings: CORSSettings) -> String? {
        guard let origin else { return nil }
        switch settings.origins {
        case .any: return "*"
        case .list(let origins): return origins.contains(origin) ? origin : nil
        }
    }

    /// What is asked for, when all may be sent: with credentials a star would mean itself.
    private static func allowedHeaders(_ head: HTTPRequestHead, _ settings: CORSSettings) -> String? {
        switch settings.headers {
        case .list(let names): return names.isEmpty ? nil : names.joined(separator: ", ")
        case .any:
            let asked = head.fields.all("access-control-request-headers").joined(separator: ", ")
            let isList = asked.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
            return asked.isEmpty || !isList ? nil : asked
        }
    }
}
