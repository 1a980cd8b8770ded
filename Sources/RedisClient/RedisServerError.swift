/// An error that the server answered, such as `OOM command not allowed when used memory > 'maxmemory'`.
package struct RedisServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The first word of the answer when it is one in capitals (`ERR`, `OOM`, `NOSCRIPT`), or empty.
    package let code: String
    /// The rest of the answer.
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// Takes the text of the answer apart.
    package init(_ text: String) {
        let word = text.prefix { $0 != " " }
        guard !word.isEmpty, word.utf8.allSatisfy(Self.isCodeByte) else {
            self.init(code: "", message: text)
            return
        }
        self.init(code: String(word), message: String(text.dropFirst(word.count + 1)))
    }

    package var description: String { code.isEmpty ? message : "\(code) \(message)" }

    /// Whether the server as a whole cannot serve now: it loads its data, or it is a replica.
    package var meansServerNotReady: Bool {
        switch code {
        case "LOADING", "READONLY", "MASTERDOWN": true
        default: false
        }
    }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
