import Testing
import TextForms

@Suite("Base64")
struct Base64Tests {
    // MARK: The standard alphabet

    @Test(
        "The examples of RFC 4648, section 10, and some with the digits 62 and 63",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), ("é€", "w6nigqw="), ("???>", "Pz8/Pg=="), ("~~~", "fn5+"),
        ])
    func examples(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.encodedCount(text.utf8.count) == encoded.utf8.count)
        for form in [Base64.Form.padded, .optionallyPadded, .looselyPadded] {
            #expect(Base64.decode(encoded, form) == Array(text.utf8))
        }
        let bare = encoded.filter { $0 != "=" }
        for form in [Base64.Form.optionallyPadded, .looselyPadded] {
            #expect(Base64.decode(bare, form) == Array(text.utf8))
        }
    }

    @Test("It goes both ways for every length", arguments: 0...20)
    func lengths(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 200) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test("What was written is read again, with padding and without, in both alphabets", arguments: 0..<8)
    func roundTrip(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = generator.bytes(upTo: 100)
            let encoded = Base64.encode(bytes)
            let bare = encoded.filter { $0 != "=" }
            #expect(Base64.decode(encoded) == bytes)
            #expect(Base64.decode(encoded, .optionallyPadded) == bytes)
            #expect(Base64.decode(bare, .optionallyPadded) == bytes)
            #expect(Base64.decode(bare + "===", .looselyPadded) == bytes)
            #expect(Base64.decode(inURL(bare), .url) == bytes)
        }
    }

    @Test("Text in bytes is decoded into bytes that are there")
    func inPlace() {
        var target = [UInt8](repeating: 9, count: Base64.decodedCount(atMost: 8))
        let count = Array("Zm9vYg==".utf8).withUnsafeBytes { text in
            target.withUnsafeMutableBytes { Base64.decode(text, .padded, into: $0) }
        }
        #expect(count == 4)
        #expect(Array(target.prefix(4)) == Array("foob".utf8))
    }

    // MARK: What is refused

    @Test(
        "Full groups of four are asked for",
        arguments: [
            "Z", "Zg", "Zg=", "Zm9", "Zg==Zg==", "Z===", "====", "=", "Zm9*", "Zm9v=", "Zm9v====", "Zm 9", "Zm9v\n",
            "-_-_",
            "Zg=A", "é===",
        ])
    func padded(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(
        "Padding may be missing, not wrong",
        arguments: [
            "Z", "Zg=", "Zm9vY", "Zg===", "Zg==Zg==", "Z===", "====", "Zm9v=", "Zm9v====", "Zm9*", "-_", "=Zg", "Zg\n",
        ])
    func optionallyPadded(text: String) {
        #expect(Base64.decode(text, .optionallyPadded) == nil)
    }

    @Test(
        "Any padding is passed over where it does not count", arguments: ["Zg", "Zg=", "Zg==", "Zg===", "Zg========"])
    func looselyPadded(text: String) {
        #expect(Base64.decode(text, .looselyPadded) == [0x66])
    }

    @Test("Nothing but padding is passed over", arguments: ["Z", "Z=", "Zm9vY", "Zg=Zg", "Zm9*", "-_", " Zg", "Zg "])
    func looselyPaddedRefused(text: String) {
        #expect(Base64.decode(text, .looselyPadded) == nil)
    }

    @Test(
        "In a URL there is no padding, no digit of the other alphabet and no bit without a byte",
        arguments: ["Z", "Zg==", "Zm8=", "=", "+/", "a+bc", "a/bc", "Zm9vY", "Zh", "Zm9", "ab_", "Zm9v\n"])
    func url(text: String) {
        #expect(Base64.decode(text, .url) == nil)
    }

    @Test("The example of RFC 7515, appendix C")
    func appendixC() {
        #expect(Base64.decode("A-z_4ME", .url) == [3, 236, 255, 224, 193])
    }

    @Test("Bits without a byte may have any value in the standard alphabet")
    func looseBits() {
        #expect(Base64.decode("Zh==") == [0x66])
        #expect(Base64.decode("Zm9", .optionallyPadded) == [0x66, 0x6f])
    }

    @Test("Exactly 64 bytes are digits, and each stands for its place in the alphabet")
    func digits() {
        let standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        check(Array(standard.utf8), .padded)
        check(Array(inURL(standard).utf8), .url)
    }

    @Test("No text is no bytes", arguments: [Base64.Form.padded, .optionallyPadded, .looselyPadded, .url])
    func empty(form: Base64.Form) {
        #expect(Base64.decode("", form) == [])
    }

    private func check(_ alphabet: [UInt8], _ form: Base64.Form) {
        for byte in UInt8.min...UInt8.max {
            // A digit in the last place is the lowest six bits of the third byte.
            let decoded = [65, 65, 65, byte].withUnsafeBytes { Base64.decode($0, form) }
            guard byte != UInt8(ascii: "=") else { continue }
            let known = alphabet.firstIndex(of: byte).map { [0, 0, UInt8($0)] }
            #expect(decoded == known)
        }
    }

    private func inURL(_ text: String) -> String {
        String(text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }
}
