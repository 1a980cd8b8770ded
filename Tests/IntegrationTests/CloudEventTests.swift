import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    @Suite(
        "CloudEvents on routes",
        .controller(.with("--spares", "3")) { functions in
            try functions.directory(
                "events",
                [
                    "app.py": """
                    def handler(event, context):
                        if event.get("type") == "boom": raise ValueError("no")
                        return event
                    """,
                    "function.yaml": "runtime: python\nhandler: app.handler\nworkers: {max: 1}\n",
                ])
            try functions.server("web", saying: "web")
            try functions.script(
                "stored", "#!/bin/sh\ncat\n",
                manifest: "triggers: [{http: {path: /stored, topic: things}}, {topic: things}]\nworkers: {max: 1}")
        })
    struct CloudEvents {
        private static let fields: [(name: String, value: String)] = [
            (name: "ce-specversion", value: "1.0"), ("ce-id", "1"), ("ce-source", "/s"), ("ce-type", "t"),
            ("ce-subject", "%C3%A9%20%22q%22%20%25"), ("Content-Type", "application/json"),
        ]

        private func event(_ id: String, type: String = "t") -> String {
            "{\"specversion\":\"1.0\",\"id\":\"\(id)\",\"source\":\"/s\",\"type\":\"\(type)\",\"data\":{\"n\":1}}"
        }

        private func post(_ path: String, _ body: String, type: String) async throws -> HTTPAnswer {
            try await glo.http.send(
                "POST", path, body: Array(body.utf8), headers: [("Content-Type", "application/\(type)")])
        }

        @Test("A binary event reaches the handler as structured JSON")
        func binary() async throws {
            try await glo.serves("events")
            let answer = try await glo.http.send(
                "POST", "/events", body: Array("{\"n\":1}".utf8), headers: Self.fields)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["id"].string == "1")
            #expect(answer.json["subject"].string == "é \"q\" %")
            #expect(answer.json["datacontenttype"].string == "application/json")
            #expect(answer.json["data"]["n"].int == 1)
        }

        @Test("A structured event is the same event")
        func structured() async throws {
            try await glo.serves("events")
            let answer = try await post("/events", event("7"), type: "cloudevents+json")
            #expect(answer.text == event("7"))
        }

        @Test("A large event arrives whole")
        func large() async throws {
            try await glo.serves("events")
            let text = String(repeating: "é", count: 100_000)
            let event = "{\"specversion\":\"1.0\",\"id\":\"8\",\"source\":\"/s\",\"type\":\"t\",\"data\":\"\(text)\"}"
            let answer = try await post("/events", event, type: "cloudevents+json")
            #expect(answer.status == 200)
            #expect(answer.json["data"].string == text)
        }

        @Test("A batch is one invocation for each, in order; the first failure ends it and is named")
        func batch() async throws {
            try await glo.serves("events")
            let good = try await post("/events", "[\(event("1")),\(event("2"))]", type: "cloudevents-batch+json")
            #expect(good.status == 200, "\(good.text)")
            #expect(good.json.array.compactMap { $0["id"].string } == ["1", "2"])
            let bad = try await post(
                "/events", "[\(event("1")),\(event("2", type: "boom"))]", type: "cloudevents-batch+json")
            #expect(bad.status == 502)
            #expect(bad.detail.contains("Event 2"))
            #expect(try await post("/events", "[]", type: "cloudevents-batch+json").text == "[]")
        }

        @Test("What is no event is 400, another format 415")
        func wrong() async throws {
            try await glo.serves("events")
            let missing = try await glo.http.send(
                "POST", "/events", body: [], headers: Self.fields.filter { $0.name != "ce-id" })
            #expect(missing.status == 400)
            #expect(missing.detail.contains("'id'"))
            #expect(try await post("/events", "x", type: "cloudevents+avro").status == 415)
        }

        @Test("A server gets the request as it came")
        func server() async throws {
            try await glo.serves("web")
            let answer = try await post("/web", "no event at all", type: "cloudevents+json")
            #expect(answer.text == "web POST /web 15")
        }

        @Test("A stored event is stored once for each source and id, as the event itself")
        func stored() async throws {
            try await glo.serves("stored")
            let first = try await post("/stored", event("a"), type: "cloudevents+json")
            #expect(first.status == 202, "\(first.text)")
            let again = try await post("/stored", event("a"), type: "cloudevents+json")
            #expect(again.json["repeated"].bool == true, "\(again.text)")
            let id = try #require(first.json["invocations"].array.first?["id"].string ?? first.json["id"].string)
            let ended = try await glo.http.send(
                "GET", "/_/invocations/\(id)", headers: [(name: "Prefer", value: "wait=30")])
            #expect(ended.json["result"]["body"].string == event("a"), "\(ended.text)")
        }

        @Test("A stored batch answers with the id of each")
        func storedBatch() async throws {
            try await glo.serves("stored")
            let answer = try await post(
                "/stored", "[\(event("b")),\(event("c")),\(event("b"))]", type: "cloudevents-batch+json")
            #expect(answer.status == 202, "\(answer.text)")
            #expect(answer.json["events"].array.count == 3)
            #expect(answer.json["events"].array.map { $0["repeated"].bool ?? false } == [false, false, true])
        }

        @Test("A sender may ask whether it may send")
        func handshake() async throws {
            try await glo.serves("events")
            let answer = try await glo.http.send(
                "OPTIONS", "/events", headers: [(name: "WebHook-Request-Origin", value: "events.example")])
            #expect(answer.status == 200)
            #expect(answer.field("WebHook-Allowed-Origin") == "*")
        }
    }
}
