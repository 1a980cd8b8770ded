import Testing
import TextForms

@Suite("Hexadecimal digits")
struct HexadecimalTests {
    @Test(
        "The examples of RFC 4648, section 10, in small letters",
        arguments: [
            ("", ""), ("f", "66"), ("fo", "666f"), ("foo", "666f6f"), ("foob", "666f6f62"), ("fooba", "666f6f6261"),
            ("foobar", "666f6f626172"),
        ])
    func examples(plain: String, digits: String) {
        #expect(Hexadecimal.text(plain.utf8) == digits)
        #expect(Hexadecimal.bytes(digits) == Array(plain.utf8))
        #expect(Hexadecimal.bytes(digits.uppercased()) == Array(plain.utf8))
    }

    @Test("What was written is read again", arguments: 0..<8)
    func roundTrip(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = generator.bytes(upTo: 80)
            let text = Hexadecimal.text(bytes)
            #expect(Hexadecimal.bytes(text) == bytes)
            #expect(Hexadecimal.isSmall(text, count: 2 * bytes.count))
        }
    }

    @Test(
        "What is not pairs of digits is refused",
        arguments: ["0", "012", "0g", "g0", "+1", "-0", " 0", "0 ", "0x", "٠٠", "é", "0/", "0:", "@0", "G0", "`0"])
    func refused(text: String) {
        #expect(Hexadecimal.bytes(text) == nil)
    }

    @Test("Exactly 22 bytes are digits, and their values are those of the standard library")
    func values() {
        for byte in UInt8.min...UInt8.max {
            let scalar = Unicode.Scalar(byte)
            let known = scalar.isASCII ? Character(scalar).hexDigitValue : nil
            #expect(Hexadecimal.value(byte).map { Int($0) } == known)
            let isSmall = known != nil && !(65...70).contains(byte)
            #expect(Hexadecimal.isSmallDigit(byte) == isSmall)
        }
    }

    @Test("Digits are written small, or in capitals where these are asked for")
    func digits() {
        let values = UInt8(0)..<16
        #expect(String(decoding: values.map(Hexadecimal.digit), as: UTF8.self) == "0123456789abcdef")
        #expect(String(decoding: values.map(Hexadecimal.capitalDigit), as: UTF8.self) == "0123456789ABCDEF")
    }

    @Test("A word is written with the zeros in front")
    func words() {
        #expect(Hexadecimal.text(word: UInt8(0x0a)) == "0a")
        #expect(Hexadecimal.text(word: UInt16(0xd83d)) == "d83d")
        #expect(Hexadecimal.text(word: UInt32(0)) == "00000000")
        #expect(Hexadecimal.text(word: UInt64.max) == "ffffffffffffffff")
        #expect(Hexadecimal.text(word: 0xdead_beef as UInt64) == "00000000deadbeef")
    }

    @Test("Words have the digits that the standard library gives them", arguments: 0..<4)
    func randomWords(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let word = generator.next() >> UInt64.random(in: 0...63, using: &generator)
            let text = String(word, radix: 16)
            #expect(Hexadecimal.text(word: word) == String(repeating: "0", count: 16 - text.count) + text)
        }
    }

    @Test("A text of small digits has exactly the length that is asked for, and no capitals")
    func small() {
        #expect(Hexadecimal.isSmall("0af9", count: 4))
        #expect(Hexadecimal.isSmall("", count: 0))
        #expect(!Hexadecimal.isSmall("0af9", count: 3))
        #expect(!Hexadecimal.isSmall("0AF9", count: 4))
        #expect(!Hexadecimal.isSmall("0ag9", count: 4))
    }

    @Test("Digits are appended to what is there")
    func appending() {
        var output = Array("x=".utf8)
        Hexadecimal.append([0, 255], to: &output)
        Hexadecimal.append(word: 1 as UInt16, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "x=00ff0001")
    }
}
