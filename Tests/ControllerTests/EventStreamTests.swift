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
    func frame() throws {
        var frame = EventStreamWriter.frame(.payloadChunk, ByteBuffer(string: "abc"))
        let whole = frame
        let total = try #require(frame.readInteger(as: UInt32.self))
        let headers = try #require(frame.readInteger(as: UInt32.self))
        #expect(Int(total) == whole.readableBytes)
        let prelude = try #require(whole.getSlice(at: 0, length: 8))
        #expect(frame.readInteger(as: UInt32.self) == prelude.withUnsafeReadableBytes { CRC32.checksum($0) })
        #expect(frame.readInteger(as: UInt8.self) == 11)
        #expect(frame.readString(length: 11) == ":event-type")
        #expect(frame.readInteger(as: UInt8.self) == 7)
        #expect(frame.readInteger(as: UInt16.self) == 12)
        #expect(frame.readString(length: 12) == "PayloadChunk")
        frame.moveReaderIndex(to: 12 + Int(headers))
        #expect(frame.readString(length: 3) == "abc")
        let rest = try #require(whole.getSlice(at: 0, length: whole.readableBytes - 4))
        #expect(frame.readInteger(as: UInt32.self) == rest.withUnsafeReadableBytes { CRC32.checksum($0) })
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
