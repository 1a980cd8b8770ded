import Yams

/// Walks the nodes of one YAML file and gathers everything that is wrong with them.
struct FieldReader {
    /// The file's name in messages.
    let path: String
    private(set) var errors: [CatalogProblem] = []
    private(set) var warnings: [CatalogProblem] = []

    init(path: String) { self.path = path }

    mutating func fail(
        _ message: String, hint: String? = nil, code: CatalogProblem.Code = .invalidValue, line: Int?
    ) {
        errors.append(CatalogProblem(code, message, hint: hint, path: path, line: line))
    }

    mutating func warn(_ message: String, hint: String? = nil, line: Int?) {
        warnings.append(CatalogProblem(.notActive, message, hint: hint, path: path, line: line))
    }

    /// The keys of a mapping, which all must be among `allowed`. Nil, and an error, when it is no mapping.
    mutating func fields(
        of node: Node, in context: String?, allowed: [String], line: Int? = nil
    ) -> [String: Field]? {
        guard let mapping = node.mapping else {
            fail(
                "\(context.map { "'\($0)'" } ?? "the manifest") must be a mapping of keys to values",
                hint: "allowed keys: \(allowed.joined(separator: ", "))", line: node.mark?.line ?? line)
            return nil
        }
        var fields: [String: Field] = [:]
        for (keyNode, value) in mapping {
            let line = keyNode.mark?.line
            guard let key = keyNode.scalar?.string else {
                fail("a key must be a plain word", code: .unknownKey, line: line)
                continue
            }
            guard allowed.contains(key) else {
                unknown(key, context, allowed, line)
                continue
            }
            let name = context.map { "\($0).\(key)" } ?? key
            fields[key] = Field(name: name, value: value, line: line)
        }
        return fields
    }

    private mutating func unknown(_ key: String, _ context: String?, _ allowed: [String], _ line: Int?) {
        let hint =
            NearestKey.find(key, among: allowed).map { "did you mean '\($0)'?" }
            ?? "allowed keys: \(allowed.joined(separator: ", "))"
        let place = context.map { " in '\($0)'" } ?? ""
        fail("unknown key '\(key)'\(place)", hint: hint, code: .unknownKey, line: line)
    }
}
