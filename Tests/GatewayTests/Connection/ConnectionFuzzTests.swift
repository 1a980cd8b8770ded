import DispatchCore
import NIOCore
import Testing

@testable import Gateway

@Suite("Random bytes on a connection")
struct ConnectionFuzzTests {
    private static let pieces = [
        "GET ", "POST ", "HEAD ", "/hello", "/none", "/_/health", "/users/7", "*", " HTTP/1.1\r\n", " HTTP/1.0\r\n",
        "Host: h\r\n", "\r\n", "\r\n\r\n", "\n", "\r", "Content-Length: 5\r\n", "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Connection: keep-alive, x\r\n",
        "Expect: 100-continue\r\n", "X: \0\r\n", "5\r\nhello\r\n", "0\r\n\r\n", "hello", "ffffffffffffffff\r\n", ":",
        "a: b\r\n c\r\n", "?q=1", "%2e%2e/", "\u{ff}", "http://h/hello", "traceparent: 00-1\r\n",
    ]

    @Test("Ten thousand inputs crash nothing, and every answer is a whole response", arguments: 0..<20 as Range<UInt64>)
    func fuzz(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            let gateway = try EmbeddedGateway()
            var answers = ""
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                try gateway.send(input(&random))
                answers += try gateway.received()
            }
            #expect(answers.isEmpty || answers.hasPrefix("HTTP/1.1 "))
        }
    }

    private func input(_ random: inout SplitMix64) -> ByteBuffer {
        var bytes = ByteBuffer()
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            bytes.writeString(Self.pieces.randomElement(using: &random) ?? "")
        }
        for _ in 0..<Int.random(in: 0...2, using: &random) where bytes.readableBytes > 0 {
            let place = Int.random(in: 0..<bytes.readableBytes, using: &random)
            bytes.setInteger(UInt8.random(in: 0...255, using: &random), at: place)
        }
        return bytes
    }
}
