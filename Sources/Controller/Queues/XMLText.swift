/// What an XML 1.0 document may hold (https://www.w3.org/TR/xml/#charsets): SQS takes nothing else.
enum XMLText {
    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xa, 0xd, 0x20...0xd7ff, 0xe000...0xfffd, 0x10000...0x10ffff: true
        default: false
        }
    }

    /// Why SQS refuses the text; nil when it does not.
    static func flaw(in text: String, of place: String) -> String? {
        guard let scalar = text.unicodeScalars.first(where: { !isAllowed($0) }) else { return nil }
        return
            "Invalid binary character '#x\(String(scalar.value, radix: 16, uppercase: true))' was found in the \(place), "
            + "the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
    }

    /// The text between tags. What may not stand in a document is U+FFFD there: the text may have come another way.
    static func escape(_ text: String, into xml: inout String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": xml += "&amp;"
            case "<": xml += "&lt;"
            case ">": xml += "&gt;"
            case "\r": xml += "&#13;"
            default: xml.unicodeScalars.append(isAllowed(scalar) ? scalar : "\u{fffd}")
            }
        }
    }
}
