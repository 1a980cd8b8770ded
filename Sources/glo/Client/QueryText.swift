import TextForms

/// A URL's query.
enum QueryText {
    /// `?a=1&b=2`, percent-encoded; empty without pairs.
    static func of(_ pairs: [(name: String, value: String)]) -> String {
        guard !pairs.isEmpty else { return "" }
        let words = pairs.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        return "?" + words.joined(separator: "&")
    }
}
