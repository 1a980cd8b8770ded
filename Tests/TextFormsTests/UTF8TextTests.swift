import Testing
import TextForms

@Suite("UTF-8")
struct UTF8TextTests {
    private func isValid(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { UTF8Text.isValid($0) } }

    private func length(_ bytes: [UInt8], at index: Int = 0) -> Int {
        bytes.withUnsafeBytes { UTF8Text.sequenceLength($0, at: index) }
    }

    @Test(
        "Text is UTF-8",
        arguments: ["", "plain", "å", "日本語", "😀", "A≢Α.", "한국어", "\u{feff}𣎴", "\0", "\u{10ffff}", "\u{d7ff}\u{e000}"])
    func valid(text: String) {
        #expect(isValid(Array(text.utf8)))
    }

    @Test(
        "Overlong forms, surrogates, what lies beyond U+10FFFF and what is cut off are not",
        arguments: [
            [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80],
            [0xed, 0xbf, 0xbf], [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xfe],
            [0xff], [0xc3], [0xe6, 0x97], [0xf0, 0x9f, 0x98], [0xc3, 0x28], [0xe6, 0x97, 0x28],
            [0xf0, 0x9f, 0x98, 0x28],
            // RFC 3629, section 10
            [0x2f, 0xc0, 0xae, 0x2e, 0x2f],
        ] as [[UInt8]])
    func invalid(bytes: [UInt8]) {
        #expect(!isValid(bytes))
        let ascii = Array("12345678".utf8)
        for count in 0...8 { #expect(!isValid(Array(ascii[..<count]) + bytes + ascii)) }
    }

    @Test("Every scalar has a sequence of its own length")
    func scalars() {
        for value in UInt32(0x80)...0x10ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(scalar).utf8)
            if length(bytes) != bytes.count { Issue.record("U+\(String(value, radix: 16))") }
        }
    }

    @Test("A sequence is found in the middle")
    func middle() {
        let bytes = Array("a😀é".utf8)
        #expect(length(bytes, at: 1) == 4)
        #expect(length(bytes, at: 2) == 0)
        #expect(length(bytes, at: 5) == 2)
        #expect(length(bytes, at: 6) == 0)
    }

    @Test("All pairs of bytes are what the standard library says")
    func pairs() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let bytes = [first, second]
                if isValid(bytes) != (String(validating: bytes, as: UTF8.self) != nil) { Issue.record("\(bytes)") }
            }
        }
    }

    @Test("Noise is what the standard library says", arguments: 0..<8)
    func noise(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces: [[UInt8]] = [
            [0x61], [0xc3, 0xa5], [0xe6, 0x97, 0xa5], [0xf0, 0x9f, 0x98, 0x80], Array("eight by".utf8), [0x80], [0xed],
            [0xf4], [0xe0], [0xf0], [0xa0], [0x9f], [0x90],
        ]
        for _ in 0..<2000 {
            let count = Int.random(in: 0...6, using: &generator)
            let bytes = (0..<count).flatMap { _ in pieces.randomElement(using: &generator) ?? [] }
            #expect(isValid(bytes) == (String(validating: bytes, as: UTF8.self) != nil))
        }
    }
}
