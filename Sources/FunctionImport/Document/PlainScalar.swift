import Yams

/// Scalars without quotes, which the deployment's own reader takes for numbers and truths before they become texts.
enum PlainScalar {
    /// The text that such a reader makes of a value without quotes: itself, but for the spellings of true and false.
    /// Nil when it is a number whose text is not told by how it is written, such as `007`, `0x1F`, `1_000` and `1e3`.
    ///
    /// - Parameter knowsYesAndNo: whether the reader is one of YAML 1.1, as CloudFormation's.
    static func text(_ text: String, _ node: Node?, knowsYesAndNo: Bool) -> String? {
        guard let scalar = node?.scalar, scalar.style == .plain || scalar.style == .any else { return text }
        let small = text.lowercased()
        if [small, text.uppercased(), small.prefix(1).uppercased() + small.dropFirst()].contains(text) {
            if small == "true" || knowsYesAndNo && ["yes", "on"].contains(small) { return "true" }
            if small == "false" || knowsYesAndNo && ["no", "off"].contains(small) { return "false" }
        }
        return isOddNumber(small) ? nil : text
    }

    private static func isOddNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isASCII, first.isNumber else { return false }
        let rest = digits.dropFirst()
        if first == "0", rest.first == "x" || rest.first == "o" || rest.first == "b" {
            return !rest.dropFirst().isEmpty && rest.dropFirst().allSatisfy { $0.isHexDigit || $0 == "_" }
        }
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || "_.e+-".contains($0)) }) else { return false }
        if text.hasPrefix("+") || first == "0" && rest.first?.isNumber == true && !digits.contains("-") { return true }
        if digits.contains("_") { return digits.allSatisfy { $0.isNumber || $0 == "_" || $0 == "." } }
        return digits.contains("e") && Double(digits) != nil
    }
}
