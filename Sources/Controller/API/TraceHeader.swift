import TextForms

/// `X-Amzn-Trace-Id`: `Root=1-8 digits-24 digits;Parent=16 digits;Sampled=1`.
enum TraceHeader {
    /// The same as a W3C `traceparent`; nil when the root is not of that form.
    ///
    /// - Parameter parent: for a header that names none, 16 small hexadecimal digits.
    static func traceParent(_ text: String, parent: @autoclosure () -> String) -> String? {
        var root: Substring?
        var given: Substring?
        var isSampled = false
        for part in text.split(separator: ";") {
            let part = part.drop { $0 == " " }
            if part.hasPrefix("Root=") { root = part.dropFirst(5) }
            if part.hasPrefix("Parent=") { given = part.dropFirst(7) }
            if part == "Sampled=1" { isSampled = true }
        }
        guard let words = root?.split(separator: "-", omittingEmptySubsequences: false), words.count == 3,
            words[0] == "1", isHexadecimal(words[1], 8), isHexadecimal(words[2], 24)
        else { return nil }
        let span = given.flatMap { isHexadecimal($0, 16) ? $0.lowercased() : nil } ?? parent()
        return "00-\(words[1].lowercased())\(words[2].lowercased())-\(span)-0\(isSampled ? 1 : 0)"
    }

    private static func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { Hexadecimal.value($0) != nil }
    }
}
