import EventStore
import JSONCodec
import NIOCore
import Testing

@testable import Controller

/// What a message, its attributes and a queue's tags may hold: what XML 1.0 may, since that is what the older protocol
/// answers with.
@Suite("Texts of the API of SQS")
struct QueueTextTests {
    private func attribute(_ name: String, _ value: JSONObject) -> JSONObject {
        ["QueueUrl": "q", "MessageBody": "x", "MessageAttributes": .object(JSONObject([(name, .object(value))]))]
    }

    @Test(
        "Characters that XML may not have are refused wherever they stand", arguments: ["\u{1}", "\u{8}", "\u{fffe}"])
    func refused(character: String) async throws {
        try await QueueFixture.with { fixture in
            _ = await fixture.create("q")
            let text = JSONValue.string("a\(character)b")
            let body = await fixture.call("SendMessage", ["QueueUrl": "q", "MessageBody": text])
            #expect(body.code == "InvalidMessageContents")
            let value = await fixture.call(
                "SendMessage", attribute("n", ["DataType": "String", "StringValue": text]))
            #expect(value.code == "InvalidParameterValue")
            let type = await fixture.call(
                "SendMessage", attribute("n", ["DataType": .string("String.a\(character)"), "StringValue": "x"]))
            #expect(type.code == "InvalidParameterValue")
            let system = await fixture.call(
                "SendMessage",
                [
                    "QueueUrl": "q", "MessageBody": "x",
                    "MessageSystemAttributes": ["AWSTraceHeader": ["DataType": "String", "StringValue": text]],
                ])
            #expect(system.code == "InvalidParameterValue")
            let tag = await fixture.call("TagQueue", ["QueueUrl": "q", "Tags": ["k": text]])
            #expect(tag.code == "InvalidParameterValue")
            #expect(await fixture.call("ReceiveMessage", ["QueueUrl": "q"]).json["Messages"] == nil)
        }
    }

    @Test("Half a surrogate pair is refused instead of being stored as something else")
    func surrogate() async throws {
        try await QueueFixture.with { fixture in
            _ = await fixture.create("q")
            for half in [#"\ud800"#, #"\udc00"#, #"\ud800\ud800"#] {
                let answer = await fixture.json("SendMessage", #"{"QueueUrl":"q","MessageBody":"a\#(half)b"}"#)
                #expect(answer.status == 400)
            }
            let whole = await fixture.json("SendMessage", #"{"QueueUrl":"q","MessageBody":"a\ud83d\ude00b"}"#)
            #expect(whole.status == 200)
            for form in ["%ED%A0%80", "%FF"] {
                #expect(await fixture.form("Action=SendMessage&QueueUrl=q&MessageBody=a\(form)").status == 400)
            }
            let received = await fixture.call("ReceiveMessage", ["QueueUrl": "q", "MaxNumberOfMessages": 10])
            #expect(received.json["Messages"]?.array?.compactMap { $0.object?["Body"] } == ["a😀b"])
        }
    }

    @Test("What came another way never makes an answer of the older protocol malformed")
    func other() async throws {
        try await QueueFixture.with { fixture in
            _ = await fixture.create("q")
            var event = NewEvent(id: fixture.api.newID(), payload: ByteBuffer(bytes: [0x61, 0x01, 0xff, 0x62]))
            event.group = "g&h"
            _ = try await fixture.store.publish(event, to: "q")
            let answer = await fixture.form("Action=ReceiveMessage&QueueUrl=q&AttributeName.1=All")
            #expect(answer.text.contains("<Body>a\u{fffd}\u{fffd}b</Body>"))
            #expect(answer.text.contains("<Value>g&amp;h</Value>"))
            let unknown = await fixture.form("Action=a%01b")
            #expect(!answer.text.unicodeScalars.contains("\u{1}") && !unknown.text.unicodeScalars.contains("\u{1}"))
        }
    }

    @Test("What no two hexadecimal digits follow is no escape of a form", arguments: ["%+f", "%-0", "%f", "%", "%zz"])
    func escapes(text: String) {
        let isBlank = { (character: Character) in character == "+" ? " " : character }
        #expect(QueryForm.operation("Action=a\(text)") == "a" + String(text.map(isBlank)))
    }

    @Test("A digest is that of the text that is told")
    func digest() async throws {
        try await QueueFixture.with { fixture in
            _ = await fixture.create("q")
            let event = NewEvent(id: fixture.api.newID(), payload: ByteBuffer(bytes: [0x61, 0xff]))
            _ = try await fixture.store.publish(event, to: "q")
            let answer = await fixture.call("ReceiveMessage", ["QueueUrl": "q"])
            let message = try #require(answer.json["Messages"]?.array?.first?.object)
            #expect(message["Body"] == "a\u{fffd}")
            #expect(message["MD5OfBody"]?.string == MessageDigest.md5("a\u{fffd}".utf8))
        }
    }

    @Test("Names of attributes take letters of any script, and no other characters")
    func names() async throws {
        try await QueueFixture.with { fixture in
            _ = await fixture.create("q")
            let value: JSONObject = ["DataType": "String", "StringValue": "x"]
            for name in ["attr.1øßä", "a_b-c.d", "7"] {
                #expect(await fixture.call("SendMessage", attribute(name, value)).status == 200)
            }
            for name in ["a!", "a\"", "§", "a(", "a?", "a b", ".a", "a.", "a..b", "aWs.x", "AMAZON.x", ""] {
                #expect(await fixture.call("SendMessage", attribute(name, value)).code == "InvalidParameterValue")
            }
        }
    }
}
