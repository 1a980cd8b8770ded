import CloudEvents
import HTTPCodec
import NIOCore
import Testing

@Suite("CloudEvents as JSON")
struct StructuredTests {
    /// As the Python SDK 2.2 sends it.
    static let python = #"""
        {"id": "a-1", "source": "/mailbox/\u00e9", "type": "com.example.sent", "specversion": "1.0", \#
        "subject": "\u00e9 \"q\" %", "time": "2026-01-01T00:00:00Z", "datacontenttype": "application/json", \#
        "tenant": "t 1", "size": "7", "data": {"n": 1, "s": "\u00e9"}}
        """#

    static func event(_ more: String) -> ByteBuffer {
        ByteBuffer(string: #"{"specversion":"1.0","id":"1","source":"/s","type":"t""# + more + "}")
    }

    @Test("What the Python SDK sends is read, and means the same in both modes")
    func read() throws {
        let event = try CloudEvent(structured: ByteBuffer(string: Self.python))
        #expect(event.subject == "é \"q\" %")
        #expect(event.content == .json(Array(#"{"n": 1, "s": "\u00e9"}"#.utf8)))
        #expect(try CloudEvent(structured: event.structuredJSON()) == event)
        #expect(try CloudEvent(binary: event.binaryFields(), body: event.binaryBody()) == event)
    }

    @Test("Text and bytes find their members")
    func contents() throws {
        let bytes = try CloudEvent(
            structured: Self.event(#","datacontenttype":"application/octet-stream","data_base64":"AP8=""#))
        #expect(bytes.content == .binary([0, 0xff]))
        #expect(
            bytes.structuredJSON()
                == Self.event(
                    #","datacontenttype":"application/octet-stream","data_base64":"AP8=""#))
        let text = try CloudEvent(structured: Self.event(#","datacontenttype":"text/plain","data":"h\u00e9""#))
        #expect(text.content == .text("hé"))
        #expect(text.binaryBody() == ByteBuffer(string: "hé"))
        let string = try CloudEvent(structured: Self.event(#","data":"x""#))
        #expect(string.content == .json(Array(#""x""#.utf8)))
        #expect(string.binaryFields().first("content-type") == "application/json")
    }

    @Test("Extensions keep their types as JSON and are texts as fields; null is nothing")
    func extensions() throws {
        let event = try CloudEvent(structured: Self.event(#","n":-3,"b":true,"s":"x","subject":null"#))
        #expect(event.extensions == ["n": .integer(-3), "b": .boolean(true), "s": .string("x")])
        #expect(event.subject == nil)
        #expect(event.structuredJSON() == Self.event(#","b":true,"n":-3,"s":"x""#))
        #expect(event.binaryFields().first("ce-n") == "-3")
    }

    @Test(
        "A wrong event is refused with 400",
        arguments: [
            #","n":1.5"#, #","n":2147483648"#, #","n":{}"#, #","Big":"x""#, #","a-b":"x""#, #","subject":"""#,
            #","subject":1"#, #","id":"2""#, #","data":1,"data_base64":"AA==""#, #","data_base64":"A""#,
            #","data_base64":1"#, #","time":"2026-01-01""#, #","dataschema":"a b""#, #","subject":"\u0001""#, ",",
        ])
    func refused(more: String) {
        let error = #expect(throws: CloudEventError.self) { try CloudEvent(structured: Self.event(more)) }
        #expect(error?.status == 400)
    }

    @Test("A batch keeps its order, may be empty, and says which event is wrong")
    func batch() throws {
        let text = #"""
            [{"specversion":"1.0","id":"1","source":"/s","type":"t"}, {"specversion":"1.0","id":"2","source":"/s","type":"t"}]
            """#
        let events = try CloudEvent.batch(ByteBuffer(string: text))
        #expect(events.map(\.id) == ["1", "2"])
        #expect(try CloudEvent.batch(CloudEvent.batchJSON(events)) == events)
        #expect(try CloudEvent.batch(ByteBuffer(string: "[]")).isEmpty)
        let error = #expect(throws: CloudEventError.self) {
            try CloudEvent.batch(ByteBuffer(string: text.replacing("\"2\"", with: "\"\"")))
        }
        #expect(error?.message.hasPrefix("Event 2 of the batch") == true)
        #expect(throws: CloudEventError.self) { try CloudEvent.batch(ByteBuffer(string: "{}")) }
    }

    @Test("Source and id make the key by which an event is known again, however long they are")
    func deduplication() throws {
        let a = try CloudEvent(id: "1", source: "/s", type: "t")
        #expect(a.deduplicationKey == "ce:/s 1")
        #expect(try CloudEvent(id: "1", source: "/s", type: "u").deduplicationKey == a.deduplicationKey)
        let long = String(repeating: "x", count: 400)
        let b = try CloudEvent(id: long + "1", source: "/s", type: "t").deduplicationKey
        let c = try CloudEvent(id: long + "2", source: "/s", type: "t").deduplicationKey
        #expect(b != c)
        #expect(b.utf8.count <= 256)
    }
}
