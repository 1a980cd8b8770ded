/// The name of a function: `^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`. It is a file name, a path segment, a label and a topic at
/// once. Names of Lambda that begin with `-` or `_` are none: they would be options, or hidden files.
package struct FunctionName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let rawValue: String

    /// Nil when the text is not a name; ``rule`` says what a name is.
    package init?(_ text: String) {
        guard Self.isValid(text.utf8) else { return nil }
        rawValue = text
    }

    /// The rule in words, for error messages.
    package static let rule =
        "a name starts with a letter or a digit, goes on with letters, digits, '-' and '_', and has at most 64 characters"

    package var description: String { rawValue }

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    private static func isValid(_ bytes: String.UTF8View) -> Bool {
        guard let first = bytes.first, isLetterOrDigit(first), bytes.count <= 64 else { return false }
        return bytes.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
    }
}
