/// The text that INFO answers: `name:value` lines under `# Section` lines.
package struct RedisInfo: Sendable, Hashable {
    package let values: [String: String]

    package init(_ text: String) {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            values[String(line[..<colon])] = String(line[line.index(after: colon)...])
        }
        self.values = values
    }

    package subscript(_ name: String) -> String? { values[name] }

    package func integer(_ name: String) -> Int? { values[name].flatMap { Int($0) } }
}
