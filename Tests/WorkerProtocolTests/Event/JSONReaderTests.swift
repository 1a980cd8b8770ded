import HTTPCodec
import NIOCore
import Testing

@testable import WorkerProtocol

@Suite("JSON of handlers is read")
struct JSONReaderTests {
    private func scalar(_ text: String) throws(JSONError) -> JSONReader.Scalar {
        var reader = JSONReader(Array(text.utf8))
        let scalar = try reader.scalar()
        try reader.end()
        return scalar
    }

    @Test(
        "Right documents are read",
        arguments: [
            "1", "-0", "0.5", "1e3", "1E-3", "true", "false", "null", #""""#, " [ ] ", "{}", #"{"a":[1,{"b":null}]}"#,
            #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, "[[[[[[[[[[1]]]]]]]]]]",
        ])
    func right(_ text: String) throws { _ = try scalar(text) }

    @Test(
        "Wrong documents are refused",
        arguments: [
            "", "01", "1.", ".5", "1e", "+1", "-", "tru", "nul", "\"", "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "[1,]",
            "[1 2]",
            "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "1 2", "[", "{", "]", "\u{1}",
            String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
        ])
    func wrong(_ text: String) { #expect(throws: JSONError.self) { try scalar(text) } }

    @Test("Escapes become their characters, and half a surrogate pair becomes a replacement")
    func escapes() throws {
        for (text, expected) in [
            (#""\u00e9\ud83d\ude00""#, "é\u{1F600}"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
            (#""\udc00""#, "\u{FFFD}"), (#""\u0000""#, "\0"),
        ] {
            guard case .string(let read) = try scalar(text) else {
                Issue.record("no string")
                return
            }
            #expect(read == expected)
        }
    }

    @Test("A prelude cut at any place is the same prelude")
    func prelude() {
        let text = Array(#"{"statusCode":"418","headers":null,"multiValueHeaders":{"A":["1","2"]},"x":[{}]}"#.utf8)
        let whole = text + [UInt8](repeating: 0, count: 8) + Array("body".utf8)
        for cut in 0...whole.count {
            var prelude = StreamPrelude()
            var rest = ""
            var status = 0
            var names: [String] = []
            for piece in [whole[..<cut], whole[cut...]] {
                guard status == 0 else {
                    rest += String(decoding: piece, as: UTF8.self)
                    continue
                }
                switch prelude.add(ByteBuffer(bytes: piece)) {
                case .incomplete: break
                case .failed(let sentence): Issue.record("\(sentence)")
                case .head(let head, let bytes):
                    status = head.status
                    names = head.fields.pairs.map { "\($0.name)=\($0.value)" }
                    rest += String(buffer: bytes)
                }
            }
            #expect(status == 418)
            #expect(names == ["A=1", "A=2", "content-type=application/octet-stream"])
            #expect(rest == "body")
        }
    }

    @Test("A prelude without an end is given up")
    func endless() {
        var prelude = StreamPrelude()
        guard case .failed = prelude.add(ByteBuffer(repeating: 0x20, count: StreamPrelude.limit + 1)) else {
            Issue.record("still waiting")
            return
        }
    }
}
