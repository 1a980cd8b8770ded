/// A media type without its parameters, in small letters (RFC 9110, 8.3.1).
struct MediaType: Hashable, Sendable {
    let name: String
    /// In small letters, without quotes.
    let charset: String?

    init(_ text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
        name = parts[0].lowercased()
        charset =
            parts.dropFirst().lazy.compactMap { part -> String? in
                let lower = part.lowercased()
                guard lower.hasPrefix("charset=") else { return nil }
                return String(lower.dropFirst(8).filter { $0 != "\"" })
            }.first
    }

    /// The subtype is `json` or ends in `+json`, whatever the type is.
    var isJSON: Bool { name.hasSuffix("/json") || name.hasSuffix("+json") }

    var isText: Bool {
        name.hasPrefix("text/") || name.hasSuffix("/xml") || name.hasSuffix("+xml")
            || name == "application/javascript" || name == "application/x-www-form-urlencoded"
    }

    private static func trimmed(_ part: Substring) -> String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        return String(part.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
