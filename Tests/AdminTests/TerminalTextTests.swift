import AdminModel
import Testing

@Suite("Text of others on a terminal") struct TerminalTextTests {
    @Test(
        "What steers, hides or turns text is shown",
        arguments: [
            ("a\u{202E}b", #"a\u{202e}b"#), ("a\u{2066}b\u{2069}", #"a\u{2066}b\u{2069}"#),
            ("a\u{2028}b", #"a\u{2028}b"#),
            ("a\u{200B}b\u{FEFF}", #"a\u{200b}b\u{feff}"#), ("a\u{E0041}", #"a\u{e0041}"#),
            ("\u{1B}]0;x\u{7}", #"\x1b]0;x\x07"#),
            ("\u{85}", #"\x85"#), ("café ✓ 日本", "café ✓ 日本"),
        ])
    func shown(text: String, escaped: String) {
        #expect(TerminalText.escaped(text) == escaped)
        // What is safe stays as it is, so that it may be escaped again at the next boundary.
        #expect(TerminalText.escapedLines(escaped) == escaped)
    }

    @Test("Lines keep their ends, and cells keep no tab")
    func kinds() {
        #expect(TerminalText.escapedLines("a\tb\nc\r") == "a\tb\nc\\x0d")
        #expect(TerminalText.escapedCell("a\tb\nc") == #"a\x09b\x0ac"#)
        #expect(TerminalText.escapedBeyondASCII("a\u{1B}\u{202E}") == "a\u{1B}\\u{202e}")
    }
}
