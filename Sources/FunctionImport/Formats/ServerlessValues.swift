/// Resolves the Serverless Framework's variables, as far as the file alone and the environment tell their values.
struct ServerlessValues {
    let root: DocumentValue
    /// For `${env:NAME}`.
    let environment: [String: String]

    private static let deepest = 8

    func text(_ value: DocumentValue?, depth: Int = 0) -> String? {
        guard let text = value?.text else { return nil }
        return resolve(text, depth: depth)
    }

    func integer(_ value: DocumentValue?) -> Int? { text(value).flatMap { Int($0) } }

    /// Nil when a variable of the text has no value here.
    func resolve(_ text: String, depth: Int = 0) -> String? {
        guard depth < Self.deepest else { return nil }
        var rest = text[...]
        var result = ""
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            guard let end = close(rest[start.upperBound...]) else { return nil }
            guard let value = variable(String(rest[start.upperBound..<end]), depth: depth + 1) else { return nil }
            result += value
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// The brace that closes a variable; those inside are passed over.
    private func close(_ text: Substring) -> Substring.Index? {
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

    /// `source:key, default`.
    private func variable(_ text: String, depth: Int) -> String? {
        let halves = text.split(separator: ",", maxSplits: 1).map { String($0).trimmingBlanks() }
        guard let first = halves.first else { return nil }
        if let value = source(first, depth: depth) { return value }
        guard halves.count == 2 else { return nil }
        let fallback = halves[1]
        if let quote = fallback.first, quote == "'" || quote == "\"", fallback.last == quote, fallback.count >= 2 {
            return String(fallback.dropFirst().dropLast())
        }
        if fallback.hasPrefix("${") { return resolve(fallback, depth: depth) }
        return fallback.contains(":") ? variable(fallback, depth: depth) : fallback
    }

    private func source(_ text: String, depth: Int) -> String? {
        if text == "sls:stage" || text == "opt:stage" {
            return self.text(root["provider"]?["stage"], depth: depth) ?? (text == "sls:stage" ? "dev" : nil)
        }
        if text.hasPrefix("env:") { return environment[String(text.dropFirst(4))] }
        if text == "aws:region" || text == "opt:region" { return self.text(root["provider"]?["region"], depth: depth) }
        guard text.hasPrefix("self:") else { return nil }
        var value: DocumentValue? = root
        for key in text.dropFirst(5).split(separator: ".") { value = value?[String(key)] }
        return self.text(value, depth: depth)
    }
}
