/// Percent-encoded text (RFC 3986).
enum PercentEncoding {
    /// The text as it is when nothing in it is encoded; broken encodings stay.
    static func decoded(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        return QueryReader.decoded(String(text))
    }

    /// The first value of a name in a query.
    static func value(of name: String, in query: String) -> String? {
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard decoded(Substring(pair[..<equals])) == name else { continue }
            return decoded(Substring(pair[equals...].dropFirst()))
        }
        return nil
    }
}
