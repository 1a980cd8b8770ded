/// The name of a function: `^[a-z][a-z0-9-]{0,62}$`. It is a file name, a path segment, a label and a topic at once.
package struct FunctionName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let rawValue: String

    /// Nil when the text is not a name; ``rule`` says what a name is.
    package init?(_ text: String) {
        guard Self.isValid(text.utf8) else { return nil }
        rawValue = text
    }

    /// The rule in words, for error messages.
    package static let rule =
        "a name starts with a-z, goes on with a-z, 0-9 and '-', and has at most 63 characters"

    package var description: String { rawValue }

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    private static func isValid(_ bytes: String.UTF8View) -> Bool {
        guard let first = bytes.first, isLetter(first), bytes.count <= 63 else { return false }
        return bytes.allSatisfy { isLetter($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
}
