import Testing
import TextForms

@Suite("Decimal digits")
struct DecimalDigitsTests {
    private func text(_ value: some FixedWidthInteger) -> String {
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: DecimalDigits.maxBytes)
        let count = bytes.withUnsafeMutableBytes { DecimalDigits.write(value, into: $0) }
        #expect(bytes[count...].allSatisfy { $0 == UInt8(ascii: "x") })
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    @Test(
        "Numbers are written as the standard library writes them", arguments: [0, 1, 9, 10, 99, 100, 65_536, Int.max])
    func known(number: Int) {
        #expect(text(number) == String(number))
        #expect(text(-number) == String(-number))
    }

    @Test("The ends of every type have room")
    func ends() {
        #expect(text(Int.min) == "-9223372036854775808")
        #expect(text(UInt64.max) == "18446744073709551615")
        #expect(text(Int8.min) == "-128")
        #expect(text(UInt8.max) == "255")
    }

    @Test("A number may stand in room that only just holds it")
    func exact() {
        var bytes: [UInt8] = [0, 0, 0]
        let count = bytes.withUnsafeMutableBytes { DecimalDigits.write(-42, into: $0) }
        #expect(count == 3)
        #expect(bytes == Array("-42".utf8))
    }

    @Test("Numbers at random", arguments: 0..<4)
    func random(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let number = Int64(bitPattern: generator.next()) >> Int64.random(in: 0...63, using: &generator)
            #expect(text(number) == String(number))
        }
    }
}
