import TextForms

/// Text that a function or a file chose, made safe to print.
package enum TerminalText {
    /// Shows control characters (C0 but the tab, DEL, C1) as `\xNN`, and what is invisible or changes the order or the
    /// lines of the text around it as `\u{NNNN}`; all else stays.
    package static func escaped(_ text: String) -> String { escaped(text, keeping: [0x09]) }

    /// The same for a text of several lines.
    package static func escapedLines(_ text: String) -> String { escaped(text, keeping: [0x09, 0x0A]) }

    /// The same for a name in a row of columns: the tab too.
    package static func escapedCell(_ text: String) -> String { escaped(text, keeping: []) }

    /// Only what is beyond ASCII, for text whose control characters are escaped in another way.
    package static func escapedBeyondASCII(_ text: String) -> String {
        escaped(text, keeping: Set(0x00...0x7F))
    }

    private static func escaped(_ text: String, keeping kept: Set<UInt32>) -> String {
        guard text.unicodeScalars.contains(where: { isUnsafe($0) && !kept.contains($0.value) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if !isUnsafe(scalar) || kept.contains(scalar.value) {
                result.unicodeScalars.append(scalar)
                continue
            }
            result +=
                UInt8(exactly: scalar.value).map { "\\x" + Hexadecimal.text(word: $0) }
                ?? "\\u{\(String(scalar.value, radix: 16))}"
        }
        return result
    }

    /// Whether a character steers a terminal, or is invisible, or turns or breaks the text around it.
    package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F: false
        // C0, DEL, C1, and the soft hyphen, which most terminals hide.
        case 0..<0x20, 0x7F...0x9F, 0xAD: true
        // Zero-width characters, marks and overrides of direction, line and paragraph separators (UAX #9, UAX #14).
        case 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        // Tags, which spell out a text that nobody sees.
        case 0xE0000...0xE007F: true
        default: false
        }
    }
}
