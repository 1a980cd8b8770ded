import TextForms
import Yams

/// Writes a value of the file as JSON: patterns and inputs, which a manifest holds as texts.
enum JSONText {
    /// Nil when something in it cannot be told.
    static func encode(_ value: DocumentValue, depth: Int = 0) -> String? {
        guard depth < 32 else { return nil }
        switch value.content {
        case .null: return "null"
        case .unknown: return nil
        case .text(let text):
            guard Unresolved.flaw(in: text) == nil else { return nil }
            return isBare(value, text) ? text : quoted(text)
        case .list(let items):
            let parts = items.map { encode($0, depth: depth + 1) }
            return parts.contains(nil) ? nil : "[" + parts.compactMap(\.self).joined(separator: ",") + "]"
        case .mapping(let members):
            let parts = members.map { member in
                encode(member.value, depth: depth + 1).map { "\(quoted(member.key)):\($0)" }
            }
            return parts.contains(nil) ? nil : "{" + parts.compactMap(\.self).joined(separator: ",") + "}"
        }
    }

    /// Numbers and truths as the file has them: without quotes.
    private static func isBare(_ value: DocumentValue, _ text: String) -> Bool {
        guard let scalar = value.node?.scalar, scalar.style == .plain || scalar.style == .any else { return false }
        if text == "true" || text == "false" { return true }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isASCII, first.isNumber,
            digits == "0" || !digits.hasPrefix("0") || digits.hasPrefix("0.")
        else { return false }
        return Double(text) != nil && digits.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
            && digits.last != "."
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 {
                    result += "\\u00" + Hexadecimal.text(word: UInt8(scalar.value))
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
