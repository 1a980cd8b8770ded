import Testing

@testable import Gateway

@Suite("The JSON scanner")
struct JSONScannerTests {
    private func isValid(_ text: String) -> Bool { Array(text.utf8).withUnsafeBytes { JSONScanner.isValid($0) } }

    @Test(
        "Valid texts are valid",
        arguments: [
            "{}", "[]", "null", "true", "false", "0", "-0", "1.5", "1e9", "1E-9", "-12.5e+3", "\"\"", "\"\\u0000\"",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "[1,[2,{\"a\":[]}]]", " [ 1 , 2 ] ",
            "{\"a\":{\"b\":null},\"c\":\"\u{1f600}\"}",
            "\"\u{7f}\"",
        ])
    func valid(text: String) { #expect(isValid(text)) }

    @Test(
        "Invalid texts are not",
        arguments: [
            "", " ", "{", "}", "[1", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "tru",
            "nul",
            "01", "1.", ".5", "+1", "1e", "1e+", "--1", "\"", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"",
            "1 2", "[] []", "NaN", "\"\\", "[1}", "{\"a\":1]",
        ])
    func invalid(text: String) { #expect(!isValid(text)) }

    @Test("Every beginning of a valid text is invalid and stays inside its bytes")
    func prefixes() {
        let text = Array("{\"a\":[1.5e3,true,null,\"\\u00e6\\n\u{e6}\"],\"b\":{}}".utf8)
        for length in 0..<text.count {
            #expect(!text[..<length].withUnsafeBytes { JSONScanner.isValid($0) })
        }
        #expect(text.withUnsafeBytes { JSONScanner.isValid($0) })
    }
}
