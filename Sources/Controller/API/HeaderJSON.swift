import AdminModel
import Gateway
import NIOCore
import TextForms

/// JSON text for a header field: on one line and in ASCII.
enum HeaderJSON {
    /// Nil when the bytes are no JSON object.
    static func object(_ bytes: [UInt8]) -> String? {
        let isValid = bytes.withUnsafeBytes { UTF8Text.isValid($0) && JSONScanner.isValid($0) }
        guard isValid else { return nil }
        var compact = ByteBuffer()
        bytes.withUnsafeBytes { JSONText.writeCompact($0, into: &compact) }
        let text = String(buffer: compact)
        guard text.utf8.first == UInt8(ascii: "{") else { return nil }
        guard text.utf8.contains(where: { $0 >= 0x7f }) else { return text }
        var output = ""
        for unit in text.utf16 {
            if unit < 0x7f, let scalar = Unicode.Scalar(unit) {
                output.unicodeScalars.append(scalar)
            } else {
                output += "\\u" + Hexadecimal.text(word: unit)
            }
        }
        return output
    }
}
