import NIOCore
import Testing

@testable import RedisClient

@Suite("A command's bytes")
struct RedisCommandTests {
    private func bytes(_ command: RedisCommand) -> String {
        var buffer = ByteBuffer()
        command.writeHeader(into: &buffer)
        buffer.writeImmutableBuffer(command.encoded)
        return String(buffer: buffer)
    }

    @Test("Each word is a bulk string behind a header that counts them")
    func words() {
        let command = RedisCommand("SET", "key", "")
        #expect(command.argumentCount == 3)
        #expect(bytes(command) == "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$0\r\n\r\n")
    }

    @Test("A length counts bytes and not characters")
    func unicode() {
        #expect(bytes(RedisCommand("GET", "blåbær")) == "*2\r\n$3\r\nGET\r\n$8\r\nblåbær\r\n")
    }

    @Test(
        "Numbers are written in decimal digits", arguments: [0, 7, 10, -1, 1_234_567_890, Int64.max, Int64.min])
    func numbers(number: Int64) {
        var command = RedisCommand("N")
        command.append(number)
        let digits = "\(number)"
        #expect(bytes(command) == "*2\r\n$1\r\nN\r\n$\(digits.utf8.count)\r\n\(digits)\r\n")
    }

    @Test("A buffer is written from where it is read")
    func buffers() {
        var buffer = ByteBuffer(string: "xxhello")
        buffer.moveReaderIndex(forwardBy: 2)
        var command = RedisCommand("ECHO")
        command.append(buffer)
        command.append([0, 13, 10])
        #expect(bytes(command) == "*3\r\n$4\r\nECHO\r\n$5\r\nhello\r\n$3\r\n\0\r\n\r\n")
    }

    @Test("More words than room was made for")
    func growth() {
        var command = RedisCommand("X", capacityBytes: 1)
        for index in 0..<2000 { command.append(index) }
        #expect(command.argumentCount == 2001)
        #expect(bytes(command).hasPrefix("*2001\r\n$1\r\nX\r\n$1\r\n0\r\n"))
        #expect(bytes(command).hasSuffix("$4\r\n1999\r\n"))
    }
}
