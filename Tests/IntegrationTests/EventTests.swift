import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// What nobody waits for: accepted once, executed at least once, one recorded result.
    @Suite(
        "Events",
        .controller(.with("--spares", "3", "--redis-memory", "64Mi")) { functions in
            try functions.write("shout", "#!/bin/sh\ntr a-z A-Z\n")
            try functions.script(
                "good", "#!/bin/sh\ncat\n", manifest: "triggers: [{topic: orders}]\nworkers: {max: 1}")
            try functions.script(
                "flaky",
                """
                #!/bin/sh
                echo "attempt $GLO_ATTEMPT of $GLO_EVENT_ID" >&2
                [ "$GLO_ATTEMPT" -ge 3 ] || exit 3
                cat
                """,
                manifest: "triggers: [{topic: orders}]\nworkers: {max: 1}\nasync: {backoff: {base: 200ms, max: 1s}}")
            try functions.script(
                "broken", "#!/bin/sh\necho this cannot work >&2\nexit 1\n",
                manifest: "triggers: [{topic: orders}]\nworkers: {max: 1}\nasync: {attempts: 2, backoff: {base: 50ms}}")
            try functions.script(
                "order-route", "#!/bin/sh\ncat\n",
                manifest: "triggers: [{http: {path: /orders, topic: placed}}, {topic: placed}]\nworkers: {max: 1}")
            try functions.script("sleeper", "#!/bin/sh\nsleep 20\n", manifest: "timeout: 60s\nworkers: {max: 1}")
            try functions.script(
                "ticker", "#!/bin/sh\ncat\n", manifest: "triggers: [{schedule: {every: 1s}}]\nworkers: {max: 1}")
        })
    struct Events {
        private static let wanted = [(name: "Prefer", value: "respond-async")]

        private func accept(
            _ path: String, _ body: String, _ headers: [(name: String, value: String)] = []
        ) async throws -> HTTPAnswer {
            try await glo.http.send("POST", path, body: Array(body.utf8), headers: Self.wanted + headers)
        }

        private func id(_ answer: HTTPAnswer) throws -> String {
            #expect(answer.status == 202, "\(answer.text)")
            return try #require(try JSONValue(answer.body)["id"].string)
        }

        private func ended(_ id: String) async throws -> JSONValue {
            let answer = try await glo.http.send(
                "GET", "/_/invocations/\(id)", headers: [(name: "Prefer", value: "wait=30")])
            #expect(answer.status == 200, "\(answer.text)")
            return try JSONValue(answer.body)
        }

        @Test("A request that is not waited for is answered with 202, and its result can be fetched")
        func accepted() async throws {
            let answer = try await accept("/shout", "hello")
            let id = try id(answer)
            #expect(answer.field("location") == "/_/invocations/\(id)")
            let event = try await ended(id)
            #expect(event["state"].string == "succeeded")
            #expect(event["attempts"].int == 1)
            #expect(event["result"]["status"].int == 200)
            #expect(event["result"]["body"].string == "HELLO")
        }

        @Test(
            "One publish reaches three functions: one succeeds, one after two failures, one is a dead letter, redriven")
        func fanOut() async throws {
            let glo = try glo
            let published = try await glo.glo("publish", "orders", "-d", "{\"order\":7}", "-o", "json")
            #expect(published.code == 0, "\(published.text)")
            let receipt = try JSONValue(published.output)
            var ids: [String: String] = [:]
            for invocation in receipt["invocations"].array {
                ids[try #require(invocation["function"].string)] = invocation["id"].string
            }
            #expect(ids.keys.sorted() == ["broken", "flaky", "good"])
            let good = try await ended(#require(ids["good"]))
            #expect(good["state"].string == "succeeded")
            #expect(good["event"].string == receipt["event"].string)
            let flaky = try await ended(#require(ids["flaky"]))
            #expect(flaky["state"].string == "succeeded")
            #expect(flaky["attempts"].int == 3)
            let dead = try #require(ids["broken"])
            let broken = try await ended(dead)
            #expect(broken["state"].string == "dead")
            #expect(broken["error"]["code"].string == "handler_failed")
            let shown = try await glo.glo("dlq", "show", dead, "-o", "json")
            #expect(try JSONValue(shown.output)["logLines"].strings.contains("this cannot work"))

            let start = glo.log.count
            try glo.functions.write("broken/handler", "#!/bin/sh\ncat\n")
            try await glo.serves("broken", version: 2, from: start)
            let redriven = try await glo.glo("dlq", "redrive", "broken", "-o", "json")
            #expect(redriven.code == 0, "\(redriven.text)")
            let again = try await ended(dead)
            #expect(again["state"].string == "succeeded")
            #expect(again["result"]["body"].string == "{\"order\":7}")
        }

        @Test("A route may publish to a topic, and answers with what became of it")
        func topicRoute() async throws {
            let answer = try await glo.http.post("/orders", "{\"n\":1}")
            #expect(answer.status == 202, "\(answer.text)")
            let invocation = try #require(try JSONValue(answer.body)["invocations"].array.first)
            let event = try await ended(#require(invocation["id"].string))
            #expect(event["result"]["body"].string == "{\"n\":1}")
            #expect(event["topic"].string == "placed")
        }

        @Test("The same idempotency key gives the same event; with another body it is refused")
        func idempotency() async throws {
            let key = [(name: "Idempotency-Key", value: "\"key-1\"")]
            let first = try id(try await accept("/shout", "one", key))
            let again = try await accept("/shout", "one", key)
            #expect(try id(again) == first)
            #expect(try JSONValue(again.body)["repeated"].bool == true)
            let other = try await accept("/shout", "two", key)
            #expect(other.status == 422)
            #expect(try JSONValue(other.body)["code"].string == "idempotency_mismatch")
        }

        @Test("A delayed event waits; one that is cancelled never runs; one that runs is stopped")
        func cancelled() async throws {
            let glo = try glo
            let waiting = try id(try await accept("/shout", "later", [(name: "Glo-Delay", value: "1h")]))
            let look = try JSONValue(try await glo.http.get("/_/invocations/\(waiting)").body)
            #expect(look["state"].string == "delayed")
            #expect(try await glo.http.send("DELETE", "/_/invocations/\(waiting)").status == 200)
            #expect(try await ended(waiting)["state"].string == "cancelled")
            #expect(try await glo.http.send("DELETE", "/_/invocations/\(waiting)").status == 409)

            let running = try id(try await accept("/sleeper", ""))
            try await eventually("it runs", seconds: 20) {
                try JSONValue(try await glo.http.get("/_/invocations/\(running)").body)["state"].string == "running"
            }
            #expect(try await glo.http.send("DELETE", "/_/invocations/\(running)").status == 202)
            #expect(try await ended(running)["state"].string == "cancelled")
        }

        @Test("What nobody takes is refused, and what nobody knows is not found")
        func refusals() async throws {
            let glo = try glo
            #expect(try await accept("/nothing-here", "x").status == 404)
            let unknown = "00000000-0000-4000-8000-000000000000"
            #expect(try await glo.http.get("/_/invocations/\(unknown)").status == 404)
            #expect(try await accept("/shout", "x", [(name: "Glo-Delay", value: "soon")]).status == 400)
            #expect(try await accept("/shout", "x", [(name: "Glo-Callback-Url", value: "https://e.org")]).status == 400)
            #expect(try await accept("/shout", String(repeating: "x", count: 1 << 21)).status == 413)
            #expect(try await glo.glo("publish", "nobody", "-d", "x").code == 4)
        }

        @Test("A payload over 256 KiB and its result go through files, which are removed")
        func large() async throws {
            let glo = try glo
            let text = String(repeating: "abcdefghij", count: 60_000)
            let event = try await ended(try id(try await accept("/shout", text)))
            #expect(event["state"].string == "succeeded")
            #expect(event["result"]["body"].string == text.uppercased())
            // The payload's file goes, the result's stays as long as the result.
            try await eventually("the payload's file is removed", seconds: 20) {
                try FileManager.default.contentsOfDirectory(atPath: "\(glo.state)/events").count == 1
            }
        }

        @Test("A schedule makes events, each tick once")
        func schedule() async throws {
            let glo = try glo
            try await eventually("two ticks have run", seconds: 15) {
                let queue = try await glo.ask(AdminPath.queue, as: QueueStatus.self)
                return (queue.functions.first { $0.function == "ticker" }?.succeeded ?? 0) >= 2
            }
            let schedules = try await glo.ask(AdminPath.schedules, as: [ScheduleInfo].self)
            let ticker = try #require(schedules.first { $0.name == "ticker" })
            #expect(ticker.spec == "every 1s")
            #expect(ticker.fired >= 2)
            #expect(try await glo.glo("schedule", "run", "ticker").code == 0)
        }

        @Test("Redis is killed: calls go on, events are refused and accepted again, and what was accepted runs")
        func redisKilled() async throws {
            let glo = try glo
            let before = try id(try await accept("/shout", "before", [(name: "Glo-Delay", value: "3s")]))
            let calls = Task {
                var count = 0
                while !Task.isCancelled {
                    let answer = try await glo.http.post("/shout", "x")
                    guard answer.status == 200 else { throw TestFailure("a call got \(answer.status): \(answer.text)") }
                    count += 1
                }
                return count
            }
            for _ in 0..<3 {
                try glo.killRedis()
                try await eventually("an event is accepted again", seconds: 15) {
                    try await self.accept("/shout", "after").status == 202
                }
            }
            calls.cancel()
            #expect(try await calls.value > 0)
            #expect(try await ended(before)["result"]["body"].string == "BEFORE")
        }
    }
}

extension GloProcess {
    /// SIGKILL for the Redis of this controller, which is found by its socket.
    func killRedis() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let id = Int32(name), let bytes = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
                continue
            }
            let words = String(decoding: bytes, as: UTF8.self)
            if words.contains("redis-server"), words.contains("\(state)/redis/") { kill(id, SIGKILL) }
        }
    }
}
