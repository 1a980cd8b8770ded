import NIOCore
import Testing

@testable import RedisClient

@Suite("The reader of replies")
struct RedisReplyReaderTests {
    private static let replies =
        "+OK\r\n-OOM no memory\r\n:-42\r\n$5\r\na\r\n\0b\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
        + "*3\r\n:1\r\n*2\r\n+x\r\n*0\r\n$1\r\ny\r\n"
    private static let values: [RedisValue] = [
        .simple("OK"), .error(RedisServerError(code: "OOM", message: "no memory")), .integer(-42),
        .bytes(ByteBuffer(bytes: [97, 13, 10, 0, 98])), .bytes(ByteBuffer()), .null, .null, .array([]),
        .array([.integer(1), .array([.simple("x"), .array([])]), .bytes(ByteBuffer(string: "y"))]),
    ]

    private func read(_ bytes: ByteBuffer, slice: Int) throws -> [RedisValue] {
        let reader = RedisReplyReader()
        var bytes = bytes
        var values: [RedisValue] = []
        while let part = bytes.readSlice(length: min(slice, bytes.readableBytes)), part.readableBytes > 0 {
            try reader.feed(part)
            while let value = try reader.next() { values.append(value) }
        }
        return values
    }

    @Test("Every kind of reply becomes its value, wherever the bytes are cut", arguments: [1, 2, 3, 7, 1000])
    func kinds(slice: Int) throws {
        #expect(try read(ByteBuffer(string: Self.replies), slice: slice) == Self.values)
    }

    @Test("A megabyte comes in pieces")
    func large() throws {
        let megabyte = ByteBuffer(repeating: 7, count: 1 << 20)
        var bytes = ByteBuffer(string: "$\(1 << 20)\r\n")
        bytes.writeImmutableBuffer(megabyte)
        bytes.writeString("\r\n+OK\r\n")
        #expect(try read(bytes, slice: 10_000) == [.bytes(megabyte), .simple("OK")])
    }

    @Test(
        "What is not the protocol is an error",
        arguments: ["HTTP/1.1 400 Bad Request\r\n", "$x\r\n", "*-7\r\n", ":1x\r\n", "$-7\r\n"])
    func malformed(text: String) {
        let error = #expect(throws: RedisError.self) { try read(ByteBuffer(string: text), slice: 100) }
        #expect(error?.code == .protocolViolation)
    }

    @Test("Arrays that nest too deep are an error")
    func nesting() {
        let error = #expect(throws: RedisError.self) {
            try read(ByteBuffer(string: String(repeating: "*1\r\n", count: 20)), slice: 100)
        }
        #expect(error?.code == .protocolViolation)
    }

    @Test("A reader is given up in the middle of an array")
    func givenUp() throws {
        #expect(try read(ByteBuffer(string: "*2000000000\r\n*2\r\n$1\r\na\r\n"), slice: 100).isEmpty)
    }

    @Test("An error's code is its first word, if that is in capitals")
    func errors() {
        #expect(RedisServerError("NOSCRIPT No script") == .init(code: "NOSCRIPT", message: "No script"))
        #expect(RedisServerError("ERR") == .init(code: "ERR", message: ""))
        #expect(RedisServerError("Something else") == .init(code: "", message: "Something else"))
        #expect(RedisServerError("READONLY x").meansServerNotReady)
        #expect(!RedisServerError("ERR x").meansServerNotReady)
    }

    @Test("A number may come as a string")
    func numbers() {
        #expect(RedisValue.bytes(ByteBuffer(string: "-12")).int == -12)
        #expect(RedisValue.integer(5).int == 5)
        #expect(RedisValue.bytes(ByteBuffer(string: "x")).int == nil)
        #expect(RedisValue.null.int == nil)
    }
}
