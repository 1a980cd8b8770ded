/// The adapters' texts, which the binary carries.
enum AdapterText {
    /// Puts values where the text has `@NAME@`. They stand in quotes there: letters, digits and few signs.
    static func filled(_ bytes: [UInt8], _ values: [String: String]) -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        for (name, value) in values {
            precondition(
                value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./".contains($0)) },
                "a value of an adapter is checked before")
            text.replace("@\(name)@", with: value)
        }
        return text
    }
}
