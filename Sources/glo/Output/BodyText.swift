import AdminModel

/// Bytes of a body for people.
enum BodyText {
    /// The text, line by line, without what could steer a terminal; of anything else only its size.
    static func text(_ bytes: [UInt8]) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return "(\(ByteCount.text(bytes.count)) that are no text; -o json has them)\n"
        }
        guard !text.isEmpty else { return "(empty)\n" }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { TerminalText.escaped(String($0)) + "\n" }.joined()
    }
}
