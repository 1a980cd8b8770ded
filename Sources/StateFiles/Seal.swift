import Crypto
import TextForms

/// A checksum that a document carries with it, so that its reader can tell what was written from what became of it.
///
/// Documents are JSON objects, which people read and older versions of Glo understand: the seal is one member more, on
/// the second line. It holds the file's name in the state directory, the length of what follows, and its SHA-256:
///
///     {
///       "seal" : "1 tokens.json 214 9f86d0…",
///       …
package enum Seal {
    /// What a reader finds wrong.
    package enum Problem: Hashable, Sendable, CustomStringConvertible {
        case empty
        /// No seal: an older version wrote it, or it is something else.
        case missing
        case cutOff
        /// It is whole, but another file of Glo's.
        case replaced(by: String)
        case changed

        package var description: String {
            switch self {
            case .empty: "it is empty"
            case .missing: "it has no checksum"
            case .cutOff: "its end is missing"
            case .replaced(let name): "it is the file \(name)"
            case .changed: "its contents do not match its checksum"
            }
        }
    }

    private static let opening = Array("{\n  \"seal\" : \"1 ".utf8)
    private static let closing = Array("\",\n".utf8)
    /// The name, the length and the checksum are not longer.
    private static let longestHead = 512

    /// The document with its seal.
    ///
    /// - Parameters:
    ///   - document: a JSON object of at least one member, which begins with a line of its own, as `JSONEncoder` writes it.
    ///   - name: the file's path in the state directory.
    package static func sealed(_ document: [UInt8], as name: String) -> [UInt8] {
        precondition(document.starts(with: Array("{\n".utf8)), "a document begins with a line of its own")
        let rest = document[2...]
        return opening + Array("\(name) \(rest.count) \(checksum(name, rest))".utf8) + closing + rest
    }

    /// What is wrong with a document; nil when it is what was written.
    package static func problem(of bytes: [UInt8], as name: String) -> Problem? {
        if bytes.isEmpty { return .empty }
        guard bytes.starts(with: opening) else {
            return opening.starts(with: bytes) ? .cutOff : .missing
        }
        let afterOpening = bytes[opening.count...]
        guard let quote = afterOpening.prefix(longestHead).firstIndex(of: UInt8(ascii: "\"")) else {
            return afterOpening.count < longestHead ? .cutOff : .changed
        }
        let words = String(decoding: afterOpening[..<quote], as: UTF8.self).split(separator: " ").map(String.init)
        let rest = bytes[quote...].dropFirst(closing.count)
        guard words.count == 3, let length = Int(words[1]) else { return .changed }
        if bytes.count < quote + closing.count + length { return .cutOff }
        guard bytes[quote...].starts(with: closing), rest.count == length, checksum(words[0], rest) == words[2] else {
            return .changed
        }
        return words[0] == name ? nil : .replaced(by: words[0])
    }

    private static func checksum(_ name: String, _ rest: ArraySlice<UInt8>) -> String {
        var hash = SHA256()
        hash.update(data: Array("\(name) \(rest.count)\n".utf8))
        rest.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Hexadecimal.text(hash.finalize())
    }

    /// The SHA-256 of bytes, in lower-case hexadecimal.
    package static func digest(_ bytes: [UInt8]) -> String { Hexadecimal.text(SHA256.hash(data: bytes)) }
}
