import CloudEvents
import HTTPCodec
import NIOCore
import Testing

@Suite("CloudEvents in binary mode")
struct BinaryTests {
    /// As the Python SDK 2.2 sends it.
    static let python = HTTPFields([
        ("ce-id", "a-1"), ("ce-source", "/mailbox/%C3%A9"), ("ce-type", "com.example.sent"), ("ce-specversion", "1.0"),
        ("ce-subject", "%C3%A9%20%22q%22%20%25"), ("ce-time", "2026-01-01T00:00:00Z"),
        ("content-type", "application/json"), ("ce-tenant", "t%201"), ("ce-size", "7"),
    ])

    static func fields(_ changes: [(String, String?)]) -> HTTPFields {
        var pairs = [("ce-id", "1"), ("ce-source", "/s"), ("ce-type", "t"), ("ce-specversion", "1.0")]
        for (name, value) in changes {
            pairs.removeAll { $0.0 == name }
            if let value { pairs.append((name, value)) }
        }
        return HTTPFields(pairs)
    }

    @Test("What the Python SDK sends is read")
    func read() throws {
        let event = try CloudEvent(binary: Self.python, body: ByteBuffer(string: #"{"n": 1}"#))
        #expect(event.id == "a-1")
        #expect(event.source == "/mailbox/é")
        #expect(event.type == "com.example.sent")
        #expect(event.subject == "é \"q\" %")
        #expect(event.time == "2026-01-01T00:00:00Z")
        #expect(event.dataContentType == "application/json")
        #expect(event.extensions == ["tenant": .string("t 1"), "size": .string("7")])
        #expect(event.content == .json(Array(#"{"n": 1}"#.utf8)))
    }

    @Test("It is written with the same fields and body")
    func write() throws {
        let event = try CloudEvent(binary: Self.python, body: ByteBuffer(string: #"{"n": 1}"#))
        let written = Set(event.binaryFields().pairs.map { "\($0.name): \($0.value)" })
        #expect(written == Set(Self.python.pairs.map { "\($0.name): \($0.value)" }))
        #expect(event.binaryBody() == ByteBuffer(string: #"{"n": 1}"#))
    }

    @Test("A quoted value loses its quotes and escapes; a percent sign that begins no escape stays")
    func quoted() throws {
        let event = try CloudEvent(
            binary: Self.fields([("ce-subject", #""a \"b\" %41""#), ("ce-x", "100%")]), body: ByteBuffer())
        #expect(event.subject == #"a "b" A"#)
        #expect(event.extensions["x"] == .string("100%"))
        #expect(event.content == nil)
    }

    @Test("Bytes that are not what their type says are kept as bytes")
    func contents() throws {
        func content(_ bytes: [UInt8], _ type: String?) throws -> CloudEventContent? {
            try CloudEvent(binary: Self.fields([("content-type", type)]), body: ByteBuffer(bytes: bytes)).content
        }
        #expect(try content(Array("{".utf8), "application/json") == .binary(Array("{".utf8)))
        #expect(try content(Array("hé".utf8), "text/plain; charset=utf-8") == .text("hé"))
        #expect(try content([0xff], "text/plain") == .binary([0xff]))
        #expect(try content(Array("1".utf8), nil) == .json(Array("1".utf8)))
        #expect(try content(Array("x".utf8), nil) == .binary(Array("x".utf8)))
        #expect(try content(Array("[]".utf8), "application/x.y+json") == .json(Array("[]".utf8)))
    }

    @Test(
        "A wrong event is refused with 400",
        arguments: [
            [("ce-id", nil)], [("ce-source", nil)], [("ce-type", nil)], [("ce-specversion", nil)], [("ce-id", "")],
            [("ce-specversion", "0.3")], [("ce-source", "a b")], [("ce-time", "yesterday")],
            [("ce-time", "2026-02-30T00:00:00Z")], [("ce-datacontenttype", "text/plain")], [("ce-data", "x")],
            [("ce-Not_Ok", "x")], [("ce-subject", "%FF")], [("ce-subject", "%0A")], [("content-type", "json")],
        ])
    func refused(changes: [(String, String?)]) {
        let error = #expect(throws: CloudEventError.self) {
            try CloudEvent(binary: Self.fields(changes), body: ByteBuffer())
        }
        #expect(error?.status == 400)
    }

    @Test(
        "The mode is what the fields say",
        arguments: [
            ("application/cloudevents+json; charset=UTF-8", CloudEventMode.structured),
            ("application/cloudevents-batch+json", .batch), ("application/json", nil),
        ])
    func modes(type: String, mode: CloudEventMode?) throws {
        #expect(try CloudEventMode(HTTPFields([("content-type", type)])) == mode)
        #expect(try CloudEventMode(Self.python) == .binary)
    }

    @Test(
        "A format that is not read is refused with 415",
        arguments: [
            "application/cloudevents+avro", "application/cloudevents", "application/cloudevents+json;charset=utf-16",
        ])
    func formats(type: String) {
        let error = #expect(throws: CloudEventError.self) { try CloudEventMode(HTTPFields([("content-type", type)])) }
        #expect(error?.status == 415)
    }
}
