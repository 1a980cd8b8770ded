import NIOCore
import Testing

@testable import Controller

@Suite("Frames of an event stream")
struct EventStreamTests {
    @Test(
        "The checksum is zlib's",
        arguments: [("", 0), ("a", 0xe8b7_be43), ("123456789", 0xcbf4_3926)] as [(String, UInt32)])
    func checksum(text: String, expected: UInt32) {
        #expect(Array(text.utf8).withUnsafeBytes { CRC32.checksum($0) } == expected)
    }

    @Test("A frame has lengths, checksums, headers and the payload")
    func frame() {
        let frame = Array(EventStreamWriter.frame(.payloadChunk, ByteBuffer(string: "abc")).readableBytesView)
        func word(_ index: Int) -> Int { frame[index..<index + 4].reduce(0) { $0 << 8 | Int($1) } }
        func checksum(_ count: Int) -> Int { Int(frame.prefix(count).withUnsafeBytes { CRC32.checksum($0) }) }
        let headers = word(4)
        #expect(word(0) == frame.count)
        #expect(frame.count == 12 + headers + 3 + 4)
        #expect(word(8) == checksum(8))
        let name = [11] + Array(":event-type".utf8) + [7, 0, 12] + Array("PayloadChunk".utf8)
        #expect(Array(frame[12..<12 + name.count]) == name)
        #expect(Array(frame[(12 + headers)..<(15 + headers)]) == Array("abc".utf8))
        #expect(word(frame.count - 4) == checksum(frame.count - 4))
    }

    @Test("A client's context is one line of ASCII, or nothing")
    func headerJSON() {
        #expect(HeaderJSON.object(Array("{ \"a\":\n \"æ 🙂\" }".utf8)) == #"{"a":"\u00e6 \ud83d\ude42"}"#)
        for text in ["", "1", "[1]", "{", "{\"a\":1} x"] { #expect(HeaderJSON.object(Array(text.utf8)) == nil) }
    }

    @Test("A trace header becomes a traceparent")
    func trace() {
        let text = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
        #expect(
            TraceHeader.traceParent(text, parent: "0123456789abcdef")
                == "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01")
        #expect(
            TraceHeader.traceParent("Root=1-5759e988-bd862e3fe1be46a994272793", parent: "0123456789abcdef")
                == "00-5759e988bd862e3fe1be46a994272793-0123456789abcdef-00")
        for text in ["", "Root=2-5759e988-bd862e3fe1be46a994272793", "Root=1-xyz-bd862e3fe1be46a994272793"] {
            #expect(TraceHeader.traceParent(text, parent: "") == nil)
        }
    }
}
