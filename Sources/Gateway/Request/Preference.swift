import HTTPCodec

/// The `Prefer` field (RFC 7240): a list of preferences, each a token with perhaps a value and parameters.
enum Preference {
    /// Whether `respond-async` is among them.
    static func asksForAsync(_ value: UnsafeRawBufferPointer) -> Bool {
        var found = false
        forEach(in: value) { name, _ in if name == "respond-async" { found = true } }
        return found
    }

    /// The seconds of `wait=N`, the first one; nil when there is none or it is no number.
    static func wait(_ value: String) -> Int? {
        var seconds: Int?
        value.utf8.withContiguousStorageIfAvailable { bytes in
            forEach(in: UnsafeRawBufferPointer(bytes)) { name, text in
                if name == "wait", seconds == nil { seconds = text.flatMap { Int($0) } }
            }
        }
        return seconds
    }

    private static func forEach(in value: UnsafeRawBufferPointer, _ body: (String, String?) -> Void) {
        for item in String(decoding: value, as: UTF8.self).split(separator: ",") {
            guard let first = item.split(separator: ";", maxSplits: 1).first else { continue }
            let parts = first.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(trimmed)
            let text = parts.count > 1 ? parts[1].filter { $0 != "\"" } : nil
            body(parts[0].lowercased(), text)
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
