import Testing
import TextForms

@Suite("Lines of a stream")
struct LineBufferTests {
    /// The lines of a text that comes in pieces of a size, and `refused` behind them when it was not taken.
    private func lines(_ text: String, size: Int, _ buffer: inout LineBuffer) -> [String] {
        var lines: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            let isTaken = piece.withUnsafeBytes { piece in
                buffer.append(piece) { lines.append(String(decoding: $0, as: UTF8.self)) }
            }
            guard isTaken else { return lines + ["refused"] }
        }
        return lines
    }

    private func rest(_ buffer: inout LineBuffer) -> [String] {
        var lines: [String] = []
        buffer.finish { lines.append(String(decoding: $0, as: UTF8.self)) }
        return lines
    }

    @Test("A stream is cut into lines wherever its pieces end, empty ones left out", arguments: 1...24)
    func pieces(size: Int) {
        var buffer = LineBuffer()
        let first = lines("one\n\ntwo\nthrée\r\nrest", size: size, &buffer)
        #expect(first == ["one", "two", "thrée\r"])
        let left = rest(&buffer)
        #expect(left == ["rest"])
        let nothing = rest(&buffer)
        #expect(nothing.isEmpty)
    }

    @Test("A carriage return before the line feed is left out where it is asked for", arguments: 1...24)
    func carriageReturns(size: Int) {
        var buffer = LineBuffer(dropsCarriageReturns: true)
        let first = lines("a\rb\r\n\r\n\r\r\nc\nd\r", size: size, &buffer)
        #expect(first == ["a\rb", "\r", "c"])
        let left = rest(&buffer)
        #expect(left == ["d"])
    }

    @Test("A line that is too long is refused at its first byte too many", arguments: 1...24)
    func refused(size: Int) {
        var buffer = LineBuffer(limit: 8)
        let first = lines("12345678\nabc\n", size: size, &buffer)
        #expect(first == ["12345678", "abc"])
        let second = lines("abc\n123456789", size: size, &buffer)
        #expect(second == ["abc", "refused"])
    }

    @Test("Or it is cut, and the next one is whole", arguments: 1...24)
    func cut(size: Int) {
        var buffer = LineBuffer(limit: 8, cutsLongLines: true)
        let first = lines("123456789\nabc\n12345678", size: size, &buffer)
        #expect(first == ["12345678", "abc"])
        let second = lines("9\n", size: size, &buffer)
        #expect(second == ["12345678"])
    }
}
