import TextForms

/// Bytes in JSON: as text when they are UTF-8, else in base64.
enum TextOrBase64 {
    /// The values of the two members; one of them is nil.
    static func members(_ bytes: [UInt8]) -> (text: String?, base64: String?) {
        if let text = String(validating: bytes, as: UTF8.self) { return (text, nil) }
        return (nil, Base64.encode(bytes))
    }

    /// Empty without either member; nil when the base64 is broken.
    static func bytes(_ text: String?, _ base64: String?) -> [UInt8]? {
        if let text { return Array(text.utf8) }
        guard let base64 else { return [] }
        return Base64.decode(base64)
    }
}
