import Yams

/// Variables of the shell in texts, as faas-cli and fn put them in.
///
/// Source: the documentation of faas-cli, "YAML file: environment substitution": `${NAME}`, `${NAME:-default}` and
/// `$$` for a dollar sign; Go's `os.ExpandEnv` takes `$NAME` as well.
final class ShellVariables: Expressions {
    let environment: [String: String]
    /// Whether `$NAME` without braces is a variable.
    let takesBareNames: Bool

    init(environment: [String: String], takesBareNames: Bool = false) {
        self.environment = environment
        self.takesBareNames = takesBareNames
    }

    func evaluated(_ value: DocumentValue, _ node: Node) -> DocumentValue.Content {
        if let tag = DocumentValue.ownTag(of: node) { return unknownTag(tag) }
        guard let text = node.scalar?.string, text.contains("$") else { return value.structure(node) }
        switch expanded(text[...], depth: 0) {
        case .success(let text) where text.utf8.count <= EvaluationBudget.largestText: return .text(text)
        case .success: return .unknown(EvaluationBudget.exceeded)
        case .failure(let reason): return .unknown(reason.text)
        }
    }

    private struct Reason: Error {
        let text: String
    }

    private func expanded(_ text: Substring, depth: Int) -> Result<String, Reason> {
        guard depth < 8 else { return .failure(Reason(text: EvaluationBudget.exceeded)) }
        var rest = text
        var result = ""
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$", !takesBareNames {
                result += "$"
                rest = rest.dropFirst()
            } else if rest.first == "{" {
                guard let end = Braces.close(rest.dropFirst()) else {
                    return .failure(Reason(text: "a variable in it is not closed"))
                }
                switch variable(rest[rest.index(after: rest.startIndex)..<end], depth: depth) {
                case .success(let value): result += value
                case .failure(let reason): return .failure(reason)
                }
                rest = rest[rest.index(after: end)...]
            } else if takesBareNames, let first = rest.first, first == "_" || first.isLetter {
                let name = rest.prefix { $0 == "_" || $0.isLetter || $0.isNumber }
                guard let value = environment[String(name)] else { return .failure(Self.unset(name)) }
                result += value
                rest = rest.dropFirst(name.count)
            } else {
                result += "$"
            }
        }
        return .success(result + rest)
    }

    /// What stands between the braces.
    private func variable(_ text: Substring, depth: Int) -> Result<String, Reason> {
        let name = text.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let rest = text.dropFirst(name.count)
        let value = environment[String(name)]
        guard !name.isEmpty else { return .failure(Reason(text: "the variable '${\(text)}' is not understood")) }
        if rest.isEmpty { return value.map { .success($0) } ?? .failure(Self.unset(name)) }
        for (mark, takesEmpty) in [(":-", false), (":=", false), ("-", true), ("=", true)] where rest.hasPrefix(mark) {
            if let value, takesEmpty || !value.isEmpty { return .success(value) }
            return expanded(rest.dropFirst(mark.count), depth: depth + 1)
        }
        return .failure(Reason(text: "the variable '${\(text)}' is not understood"))
    }

    private static func unset(_ name: Substring) -> Reason {
        Reason(text: "the variable \(name) is not set here: set it for glo import")
    }
}

/// Braces that stand in each other.
enum Braces {
    /// The brace that closes what was opened before `text`; nil when there is none.
    static func close(_ text: Substring) -> Substring.Index? {
        var open = 0
        for index in text.indices {
            if text[index] == "{" { open += 1 }
            if text[index] == "}" {
                if open == 0 { return index }
                open -= 1
            }
        }
        return nil
    }
}
