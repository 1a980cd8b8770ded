import FunctionModel
import Yams

extension ManifestParser {
    private static let corsKeys = ["origins", "methods", "headers", "exposeHeaders", "credentials", "maxAge"]

    mutating func readCORS(_ field: Field?) -> CORSSettings? {
        guard let field, let fields = reader.fields(of: field.value, in: field.name, allowed: Self.corsKeys) else {
            return nil
        }
        guard let originsField = fields["origins"] else {
            reader.fail(
                "'\(field.name)' has no 'origins'", hint: "write origins: [https://app.example.org] or origins: \"*\"",
                line: field.line)
            return nil
        }
        guard let origins = readOrigins(originsField) else { return nil }
        var cors = CORSSettings(origins: origins)
        cors.methods = isAny(fields["methods"]) ? nil : readMethods(fields["methods"])
        if let headers = fields["headers"], !isAny(headers) { cors.headers = .list(readHeaderNames(headers)) }
        cors.exposedHeaders = readHeaderNames(fields["exposeHeaders"])
        cors.credentials = reader.flag(fields["credentials"]) ?? false
        cors.maxAgeSeconds = reader.duration(fields["maxAge"], in: 0...86_400_000).map { $0 / 1000 }
        if cors.credentials, origins == .any {
            reader.fail(
                "'\(field.name)' lets pages of any origin send credentials",
                hint: "list the origins, or remove credentials", code: .contradiction,
                line: fields["credentials"]?.valueLine)
        }
        return cors
    }

    private func isAny(_ field: Field?) -> Bool {
        if field?.text == "*" { return true }
        guard let items = field?.value.sequence, items.count == 1 else { return false }
        return items.first?.scalar?.string == "*"
    }

    private mutating func readOrigins(_ field: Field) -> CORSSettings.Names? {
        if isAny(field) { return .any }
        guard let items = reader.items(field, limit: 100) else { return nil }
        if items.isEmpty { reader.fail("'\(field.name)' is an empty list", line: field.line) }
        var origins: [String] = []
        for item in items {
            guard let text = reader.text(item, limit: 300) else { continue }
            if Self.isOrigin(text) {
                origins.append(text)
            } else {
                reader.fail(
                    "'\(item.name)' is '\(text)', which is no origin",
                    hint: "scheme and host in small letters, a port if it is unusual, no path", line: item.valueLine)
            }
        }
        return .list(origins)
    }

    /// As a browser sends it, so that the two can be compared byte by byte.
    private static func isOrigin(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return false }
        let scheme = text[..<colon]
        let authority = text[text.index(colon, offsetBy: 3)...]
        guard !scheme.isEmpty, !authority.isEmpty else { return false }
        return scheme.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || "+-.".utf8.contains($0) }
            && authority.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (48...57).contains(byte) || "-._:[]".utf8.contains(byte)
            }
    }

    private mutating func readHeaderNames(_ field: Field?) -> [String] {
        guard let items = reader.items(field, limit: 100) else { return [] }
        var names: [String] = []
        for item in items {
            if let text = item.text, Self.isHeaderName(text) {
                names.append(text.lowercased())
            } else {
                reader.fail("'\(item.name)' is \(item.kind), which is no name of a header", line: item.valueLine)
            }
        }
        return names
    }
}
