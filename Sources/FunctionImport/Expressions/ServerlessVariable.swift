/// The text between `${` and `}` of a variable of the Serverless Framework: sources, of which the first that has a value
/// counts, separated by commas.
///
/// Source: the Serverless Framework's guide, "Variables".
enum ServerlessVariable {
    /// Whether the text is such a variable and not a placeholder of CloudFormation, such as `Name` or `AWS::Region`.
    static func isVariable(_ text: Substring) -> Bool {
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        let rest = text.dropFirst(name.count)
        guard !name.isEmpty, let next = rest.first else { return false }
        return next == "(" || next == ":" && !rest.hasPrefix("::")
    }

    /// The sources; commas in quotes, parentheses and inner variables do not separate.
    static func sources(_ text: Substring) -> [String] {
        var sources: [String] = []
        var source = ""
        var depth = 0
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if "({".contains(character) {
                depth += 1
            } else if ")}".contains(character) {
                depth -= 1
            } else if character == ",", depth == 0 {
                sources.append(source.trimmingBlanks())
                source = ""
                continue
            }
            source.append(character)
        }
        return sources + [source.trimmingBlanks()]
    }

    /// `file(env.yml):dev.KEY` in its parts: kind, what stands in parentheses, address.
    struct Address {
        let kind: String
        let argument: String?
        let address: String?

        /// Nil when the text has not this form.
        init?(_ text: String) {
            let kind = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
            var rest = text.dropFirst(kind.count)
            guard !kind.isEmpty else { return nil }
            self.kind = String(kind)
            if rest.first == "(" {
                guard let end = rest.lastIndex(of: ")") else { return nil }
                argument = String(rest[rest.index(after: rest.startIndex)..<end]).trimmingBlanks()
                rest = rest[rest.index(after: end)...]
            } else {
                argument = nil
            }
            if rest.isEmpty, argument != nil {
                address = nil
            } else {
                guard rest.first == ":" else { return nil }
                address = String(rest.dropFirst()).trimmingBlanks()
            }
        }
    }

    /// The text between quotes; nil when it has none around it.
    static func quoted(_ text: String) -> String? {
        guard let quote = text.first, quote == "'" || quote == "\"", text.count >= 2, text.last == quote else {
            return nil
        }
        return String(text.dropFirst().dropLast())
    }
}
