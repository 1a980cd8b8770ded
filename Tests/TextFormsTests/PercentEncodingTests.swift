import Testing
import TextForms

@Suite("Percent-encoding")
struct PercentEncodingTests {
    // MARK: Writing

    @Test(
        "All but unreserved characters is escaped, in capitals",
        arguments: [
            ("", ""), ("a b", "a%20b"), ("{\"x\":[1]}", "%7B%22x%22%3A%5B1%5D%7D"), ("å", "%C3%A5"),
            ("A-z_0.~", "A-z_0.~"), ("/", "%2F"), ("a+b", "a%2Bb"), ("100%", "100%25"), ("\0\n", "%00%0A"),
            // RFC 3986, section 2.5
            ("À", "%C3%80"), ("ア", "%E3%82%A2"),
        ])
    func encoded(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
    }

    @Test("A path keeps its slashes")
    func slashes() {
        var output: [UInt8] = [0x78]
        PercentEncoding.encode("/a b/ü".utf8, keepingSlashes: true, into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "x/a%20b/%C3%BC")
    }

    @Test("Unreserved are letters, digits and four marks")
    func unreserved() {
        let known = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8
        for byte in UInt8.min...UInt8.max {
            #expect(PercentEncoding.isUnreserved(byte) == known.contains(byte))
        }
    }

    // MARK: Reading

    @Test(
        "A percent sign that begins no escape is itself",
        arguments: [
            ("", ""), ("a%20b", "a b"), ("%C3%a5", "å"), ("%2f%2F", "//"), ("a+b", "a+b"), ("%", "%"), ("%2", "%2"),
            ("%zz", "%zz"), ("%%41", "%A"), ("%4%41", "%4A"), ("100%", "100%"), ("%+1", "%+1"), ("%-0", "%-0"),
            ("%2541", "%41"),
        ])
    func lenient(text: String, plain: String) {
        #expect(PercentEncoding.decoded(text.utf8) == Array(plain.utf8))
        #expect(PercentEncoding.decoded(Array(text.utf8)) == Array(plain.utf8))
        #expect(PercentEncoding.decoded("<\(text)>".utf8.dropFirst().dropLast()) == Array(plain.utf8))
    }

    @Test("A plus is a blank where the form says so, an escaped one never")
    func plus() {
        var form: [UInt8] = []
        Array("a+b%2Bc".utf8).withUnsafeBytes { PercentEncoding.decode($0, plusIsBlank: true, into: &form) }
        #expect(String(decoding: form, as: UTF8.self) == "a b+c")
        var path: [UInt8] = []
        Array("a+b%2Bc".utf8).withUnsafeBytes { PercentEncoding.decode($0, into: &path) }
        #expect(String(decoding: path, as: UTF8.self) == "a+b+c")
    }

    @Test(
        "Where escapes have to be whole, one that is not refuses all of it",
        arguments: ["%", "%2", "a%2", "%zz", "%%41", "%4%41", "100%", "%+1", "%-0", "%4\u{e9}"])
    func strict(text: String) {
        #expect(PercentEncoding.strictlyDecoded(text.utf8) == nil)
        #expect(PercentEncoding.text(of: text) == text)
    }

    @Test(
        "A text is decoded, or stays as it is when that would not be UTF-8",
        arguments: [
            ("", ""), ("a%20b", "a b"), ("%C3%A5", "å"), ("a+b", "a+b"), ("%FF", "%FF"), ("%C3", "%C3"),
            ("%ED%A0%80", "%ED%A0%80"), ("%00", "\0"), ("å%2Fb", "å/b"),
        ])
    func text(text: String, plain: String) {
        #expect(PercentEncoding.text(of: text) == plain)
        #expect(PercentEncoding.text(of: "<\(text)>".dropFirst().dropLast()) == plain)
    }

    @Test("Bytes without escapes that are not UTF-8 are repaired")
    func repaired() {
        let text = [UInt8(0x61), 0xff].withUnsafeBufferPointer { PercentEncoding.text(of: $0) }
        #expect(text == "a\u{fffd}")
    }

    @Test("An escape is found at its place alone, up to the end of what is given")
    func escape() {
        let bytes = Array("a%2Fb%41".utf8)
        #expect(
            bytes.indices.map { PercentEncoding.escape(in: bytes, at: $0) } == [
                nil, 0x2f, nil, nil, nil, 0x41, nil, nil,
            ])
        #expect(PercentEncoding.escape(in: bytes[0..<3], at: 1) == nil)
        #expect(PercentEncoding.escape(in: bytes[5...], at: 5) == 0x41)
    }

    @Test("What was encoded is decoded again, strictly or not", arguments: 0..<8)
    func roundTrip(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = generator.bytes(upTo: 60)
            var encoded: [UInt8] = []
            PercentEncoding.encode(bytes, into: &encoded)
            #expect(PercentEncoding.decoded(encoded) == bytes)
            #expect(PercentEncoding.strictlyDecoded(encoded) == bytes)
        }
    }

    @Test("Both readers agree wherever the strict one reads", arguments: 0..<8)
    func agreement(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = ["%", "2", "F", "f", "%41", "g", "+", "%C3", "é"]
        for _ in 0..<500 {
            let text = (0..<8).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard let strict = PercentEncoding.strictlyDecoded(text.utf8) else { continue }
            #expect(PercentEncoding.decoded(text.utf8) == strict)
        }
    }
}
