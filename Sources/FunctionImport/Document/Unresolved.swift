/// Tells a text that is the value from one in which something of an expression is left.
enum Unresolved {
    /// What is wrong with the text as a value, as the end of a note; nil when it is one.
    static func flaw(in text: String) -> String? {
        if text.contains("{{resolve:") { return "a dynamic reference is resolved at deployment only" }
        if text.contains("${") || text.contains("#{AWS::") { return "an expression in it is not evaluated" }
        if text.contains(DeploymentPlace.mark) { return "the region and the account are known at deployment only" }
        if isCutOff(text) { return "it looks like the rest of an expression" }
        if text.utf8.contains(0) { return "it holds a byte of zero" }
        return nil
    }

    /// Whether a quote and a brace close what nothing has opened.
    private static func isCutOff(_ text: String) -> Bool {
        guard text.contains("'}") || text.contains("\"}") else { return false }
        var open = 0
        var last = UInt8(0)
        for byte in text.utf8 {
            if byte == UInt8(ascii: "{") { open += 1 }
            if byte == UInt8(ascii: "}") {
                if open == 0, last == UInt8(ascii: "'") || last == UInt8(ascii: "\"") { return true }
                open = max(0, open - 1)
            }
            last = byte
        }
        return false
    }
}
