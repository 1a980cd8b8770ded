@testable import EventStore
import Foundation
import FunctionModel
import NIOCore
import Testing

@Suite("Destinations")
struct DestinationTests {
    @Test("A success goes to a topic as a record")
    func successToTopic() async throws {
        try await withStore { store in
            try await store.configure { $0.onSuccess = "topic:done" }
            try await store.configure("next", topics: ["done"])
            let id = try await store.accept("f", "{\"n\":[1,2.5e3,\"\\u00e9\\n\"]}")
            try await store.complete(store.claimOne(), "[true]")
            let record = try await store.claimOne("next")
            #expect(record.contentType == "application/json")
            #expect(record.source == "destination")
            #expect(record.topic == "done")
            #expect(record.hops == 1)
            let json = try Record(record.payload)
            #expect(json["version"] as? String == "1.0")
            #expect((json["timestamp"] as? String)?.wholeMatch(of: /20..-..-..T..:..:..\....Z/) != nil)
            let request = json.object("requestContext")
            #expect(request["requestId"] as? String == id.description)
            #expect(request["condition"] as? String == "Success")
            #expect(request["approximateInvokeCount"] as? Int == 1)
            #expect(request["functionArn"] as? String == "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST")
            #expect(json.object("requestPayload")["n"] as? [AnyHashable] == [1, 2500, "é\n"])
            let response = json.object("responseContext")
            #expect(response["statusCode"] as? Int == 200)
            #expect(response["executedVersion"] as? String == "$LATEST")
            #expect(response["gloVersion"] as? String == "1")
            #expect(response["functionError"] == nil)
            #expect(json["responsePayload"] as? [Bool] == [true])
        }
    }

    @Test(
        "A URL may have a secret of its own, and want a CloudEvent",
        arguments: [
            "url+hook_key:https://a.example/x", "cloudevent:https://a.example", "cloudevent+k:https://a.example",
        ])
    func targets(target: String) async throws {
        try await withStore { store in
            try await store.configure { $0.onSuccess = target }
            try await store.accept()
            try await store.complete(store.claimOne(), "1")
            let delivery = try #require(try await store.claim("@deliver").first)
            #expect(delivery.meta.map { String(buffer: $0) } == target)
        }
    }

    @Test("A failure goes to a function, with the error and the number of runs")
    func failureToFunction() async throws {
        try await withStore { store in
            try await store.configure {
                $0.attempts = 2
                $0.onFailure = "function:alarm"
            }
            try await store.accept("f", "plain \"text\"") { $0.key = "person" }
            _ = try await store.fail(store.claimOne())
            _ = try await store.fail(store.claimOne())
            let event = try await store.claimOne("alarm")
            #expect(event.key == "person")
            let json = try Record(event.payload)
            #expect(json.object("requestContext")["condition"] as? String == "RetriesExhausted")
            #expect(json.object("requestContext")["approximateInvokeCount"] as? Int == 2)
            #expect(json.object("responseContext")["functionError"] as? String == "Unhandled")
            #expect(json["requestPayload"] as? String == "plain \"text\"")
            #expect((json["responsePayload"] as? [String: String]) == ["code": "x"])
        }
    }

    @Test("What a function says of its failure is the record's payload, as it said it")
    func failurePayload() async throws {
        try await withStore { store in
            try await store.configure {
                $0.attempts = 1
                $0.onFailure = "function:alarm"
            }
            try await store.accept("f", "1") { $0.qualifier = "7" }
            let said = #"{"errorMessage":"a \",\"payload\":1","errorType":"E","n":1.50}"#
            let kept = #"{"code":"handler_failed","detail":"x \",\"payload\":2","payload":\#(said)}"#
            _ = try await store.fail(store.claimOne(), error: kept)
            let event = try await store.claimOne("alarm")
            #expect(String(buffer: event.payload).contains("\"responsePayload\":\(said)}"))
            let json = try Record(event.payload)
            #expect(json.object("responseContext")["executedVersion"] as? String == "7")
            #expect((json.object("requestContext")["functionArn"] as? String)?.hasSuffix(":function:f:7") == true)
        }
    }

    @Test("What got too old says so")
    func expired() async throws {
        try await withStore { store in
            try await store.configure { $0.onFailure = "function:alarm" }
            let id = try await store.accept()
            try await store.redis("HSET", store.key + ":inv:\(id)", "ex", "1")
            #expect(try await store.claim().isEmpty)
            let json = try await Record(store.claimOne("alarm").payload)
            #expect(json.object("requestContext")["condition"] as? String == "EventAgeExceeded")
            #expect(json.object("requestContext")["approximateInvokeCount"] as? Int == 0)
        }
    }

    @Test("A URL and a callback go out by the deliveries, with attempts and an age of their own")
    func url() async throws {
        try await withStore { store in
            try await store.configure { $0.onSuccess = "url:https://example.org/done" }
            try await store.accept { $0.callback = "https://example.org/hook" }
            try await store.complete(store.claimOne())
            let deliveries = try await store.claim("@deliver", 5)
            #expect(
                deliveries.map { $0.meta.map { String(buffer: $0) } } == [
                    "url:https://example.org/done", "url:https://example.org/hook",
                ])
            for delivery in deliveries {
                #expect(delivery.queue == .deliveries)
                #expect(delivery.maxAttempts == 12)
                #expect(delivery.expiresAtMilliseconds - delivery.acceptedAtMilliseconds == 86_400_000)
                #expect(delivery.queue.function == nil)
            }
            _ = try await store.fail(deliveries[0], isFinal: true)
            _ = try await store.complete(deliveries[1])
            #expect(try await store.stats("@deliver").dead == 1)
            // Deliveries have no destinations of their own.
            #expect(try await store.stats("@deliver").ready == 0)
        }
    }

    @Test("A record for a topic without subscribers is a dead letter that can be sent again")
    func noSubscriber() async throws {
        try await withStore { store in
            try await store.configure { $0.onSuccess = "topic:nobody" }
            try await store.accept()
            try await store.complete(store.claimOne())
            let letters = try await store.list("@deliver", .dead)
            #expect(letters.count == 1)
            #expect(letters.first?.lastError?.contains("topic_not_found") == true)
            let all = DeadLetterChoice.since(milliseconds: 0, limit: 10)
            #expect(try await store.ask { $0.redrive(.deliveries, all, $1) } == DeadLetterReport(changed: 0, left: 1))
            try await store.configure("late", topics: ["nobody"])
            #expect(try await store.ask { $0.redrive(.deliveries, all, $1) } == DeadLetterReport(changed: 1, left: 0))
            #expect(try await store.claimOne("late").topic == "nobody")
        }
    }

    @Test("A record that finds its function's queue full is a dead letter")
    func fullFunction() async throws {
        try await withStore { store in
            try await store.configure { $0.onSuccess = "function:next" }
            try await store.configure("next") { $0.queue = 1 }
            try await store.accept("next")
            try await store.accept()
            try await store.complete(store.claimOne())
            let letters = try await store.list("@deliver", .dead)
            #expect(letters.first?.lastError?.contains("queue_full") == true)
        }
    }

    @Test("A circle of destinations ends after 16 hops in a dead letter")
    func circle() async throws {
        try await withStore { store in
            try await store.configure("a") { $0.onSuccess = "function:b" }
            try await store.configure("b") { $0.onSuccess = "topic:back" }
            try await store.configure("a", topics: ["back"]) { $0.onSuccess = "function:b" }
            try await store.accept("a")
            var runs = 0
            while true {
                let events = try await store.claim("a", 5) + store.claim("b", 5)
                guard !events.isEmpty else { break }
                runs += events.count
                for event in events { try await store.complete(event, "{}") }
            }
            #expect(runs == 17)
            let letters = try await store.list("@deliver", .dead)
            #expect(letters.count == 1)
            #expect(letters.first?.lastError?.contains("too_many_hops") == true)
        }
    }

    @Test("A redriven event that ends again sends a record again")
    func again() async throws {
        try await withStore { store in
            try await store.configure { $0.onFailure = "function:alarm" }
            let id = try await store.accept()
            _ = try await store.fail(store.claimOne(), isFinal: true)
            _ = try await store.ask { $0.redrive(EventQueue(name("f")), .ids([id]), $1) }
            _ = try await store.fail(store.claimOne(), isFinal: true)
            #expect(try await store.claim("alarm", 5).count == 2)
        }
    }

    static let payloads: [[UInt8]] = [
        Array("NaN".utf8), Array("Infinity".utf8), Array("[nan]".utf8), Array("0x10".utf8), Array("[01]".utf8),
        Array("[1.]".utf8), Array("\"a\nb\"".utf8), Array("\"a\u{1}b\"".utf8), Array("{\"a\":-Infinity}".utf8),
        Array("[1,]".utf8), Array("{".utf8), Array("[+1]".utf8), Array("[.5]".utf8), Array("[1e]".utf8),
        Array("'a'".utf8), Array("[tru]".utf8), Array("nulL".utf8), Array("-".utf8), Array("[truetrue]".utf8),
        Array("[1 2]".utf8), Array("[0x1p3]".utf8), Array("[1e5e5]".utf8),
        Array("[--1]".utf8), Array("[1-2]".utf8), [0x22, 0xC3, 0x28, 0x22], [0, 1, 2, 255], [0x5B, 0, 0x5D], [255],
        Array("\"\\ud800\"".utf8), Array("\"\\x\"".utf8), Array("\"a\\\u{0}\"".utf8), Array("{\"a\":1,}".utf8),
        Array("[-]".utf8), Array("[00]".utf8), Array("[-01]".utf8), Array("[1e+]".utf8), Array("\u{0B}1".utf8),
        Array(String(repeating: "[", count: 3_000).utf8),
        Array((String(repeating: "[", count: 100) + String(repeating: "]", count: 100)).utf8),
        Array("{\"ok\":[1,-2,3.5,1e9,1E-2,true,false,null,\"\\u00e6\\\"\\\\\"]}".utf8), Array(" [ 0 , -0.5 ] \n".utf8),
        Array("\"å\\nb\"".utf8), Array("-0".utf8), Array("{\"true\":\"01 .5 NaN\"}".utf8), [],
    ]

    @Test("Whatever came in, its record is JSON", arguments: payloads)
    func embedding(bytes: [UInt8]) async throws {
        try await withStore { store in
            try await store.configure { $0.onSuccess = "function:next" }
            try await store.accept { $0.payload = ByteBuffer(bytes: bytes) }
            try await store.complete(store.claimOne())
            let payload = try await store.claimOne("next").payload
            let json = try Record(payload)
            let embedded = json["requestPayload"]
            if bytes.isEmpty {
                #expect(embedded is NSNull)
            } else if let text = embedded as? String, json["requestPayloadIsBase64Encoded"] as? Bool == true {
                #expect(Data(base64Encoded: text) == Data(bytes))
            } else if let text = embedded as? String, text == String(validating: bytes, as: UTF8.self) {
                // Not JSON, or a string of it.
            } else {
                let original = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
                #expect((embedded as? NSObject) == (original as? NSObject))
            }
        }
    }
}

/// A destination's record.
private struct Record {
    private let fields: [String: Any]

    init(_ payload: ByteBuffer) throws {
        let value = try JSONSerialization.jsonObject(with: Data(payload.readableBytesView))
        guard let fields = value as? [String: Any] else { throw Unexpected("no record") }
        self.fields = fields
    }

    subscript(_ name: String) -> Any? { fields[name] }

    func object(_ name: String) -> [String: Any] { fields[name] as? [String: Any] ?? [:] }
}
