import FunctionModel

/// Makes names in small letters, which read well in paths, out of whatever they are in other systems.
enum NameRule {
    static func functionName(_ text: String) -> String {
        let isSmall = !text.contains { $0.isUppercase || $0 == "_" }
        if isSmall, FunctionName(text) != nil { return text }
        var name = ""
        for character in text {
            if character.isUppercase, let last = name.last, last != "-" { name.append("-") }
            name += character.lowercased()
        }
        name = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        if !(name.first?.isLetter ?? false) { name = "f-" + name }
        return String(name.prefix(63))
    }

    /// The name by which callers know a function stays as it is when Glo can hold it; without one the file's own word is
    /// made a name.
    static func functionName(_ word: String, given: String?) -> String {
        guard let given else { return functionName(word) }
        return FunctionName(given) != nil ? given : functionName(given)
    }

    /// The last part of an ARN, a URL or a path: what queues and topics are called.
    static func lastPart(_ text: String) -> String {
        text.split { $0 == ":" || $0 == "/" }.last.map(String.init) ?? text
    }

    /// Whether a topic may have the name.
    static func isTopicName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-"),
            text.utf8.count <= 128
        else { return false }
        return text.utf8.allSatisfy { byte in
            (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
                || "_-.".utf8.contains(byte)
        }
    }
}
