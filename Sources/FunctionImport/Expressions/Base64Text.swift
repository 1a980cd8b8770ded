/// Base64 with padding (RFC 4648, 4).
enum Base64Text {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

    static func encode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result = ""
        var index = 0
        while index < bytes.count {
            let left = min(3, bytes.count - index)
            var word = 0
            for offset in 0..<3 { word = word << 8 | (offset < left ? Int(bytes[index + offset]) : 0) }
            for offset in 0..<4 {
                result.append(offset <= left ? letters[word >> (18 - 6 * offset) & 63] : "=")
            }
            index += 3
        }
        return result
    }
}
