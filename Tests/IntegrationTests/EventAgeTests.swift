import AdminModel
import TestSupport
import Testing

extension Integration {
    /// The greatest age of events counts while nobody may, or can, run them.
    @Suite(
        "Events that nobody runs in time",
        .controller(.with("--spares", "1")) { functions in
            let async = "async: {maxAge: 2s, onFailure: topic:lost}\n"
            try functions.script("throttled", Handlers.saying("x"), manifest: "workers: {max: 0, queue: 0}\n" + async)
            try functions.script(
                "busy", "#!/bin/sh\nread n\nsleep $n\n", manifest: "workers: {max: 1}\ntimeout: 60s\n" + async)
            try functions.script(
                "limited", "#!/bin/sh\nsleep 12\n", manifest: "timeout: 60s\n" + "async: {maxAge: 2s, concurrency: 1}\n"
            )
            try functions.script("alarm", "#!/bin/sh\ncat\n", manifest: "triggers: [{topic: lost}]\n")
        })
    struct EventAges {
        private func accept(_ name: String, _ body: String) async throws -> String {
            let answer = try await glo.http.send(
                "POST", "/\(name)", body: Array(body.utf8), headers: [(name: "Prefer", value: "respond-async")])
            #expect(answer.status == 202, "\(answer.text)")
            return try #require(answer.json["id"].string)
        }

        private func dies(_ id: String) async throws {
            let clock = ContinuousClock()
            let start = clock.now
            try await eventually("the event is a dead letter", seconds: 10) {
                try await glo.admin("GET", AdminPath.invocation(id)).json["state"].string == "dead"
            }
            let took = clock.now - start
            #expect(took > .milliseconds(1_000) && took < .seconds(5), "\(took)")
            let event = try await glo.admin("GET", AdminPath.invocation(id)).json
            #expect("\(event)".contains("expired"), "\(event)")
            #expect(event["attempts"].int == 0)
        }

        @Test("A function that takes nothing: its events are dead letters once they are too old, and somebody is told")
        func throttled() async throws {
            let before = try await glo.detail("alarm").counters.invocations
            try await dies(accept("throttled", "1"))
            try await eventually("the destination has run") {
                try await glo.detail("alarm").counters.invocations > before
            }
        }

        @Test("A worker that is busy all the while, with a call or with another event", arguments: [true, false])
        func busy(withCall: Bool) async throws {
            let glo = try glo
            try await eventually("the worker is free", seconds: 20) {
                try await glo.detail("busy").counters.running == 0
            }
            if withCall {
                Task { _ = try? await glo.http.post("/busy", "8\n") }
            } else {
                _ = try await accept("busy", "8\n")
            }
            try await eventually("it runs") { try await glo.detail("busy").counters.running == 1 }
            try await dies(accept("busy", "0\n"))
            #expect(try await glo.detail("busy").counters.running == 1)
        }

        @Test("A limit of concurrency that is reached")
        func limited() async throws {
            _ = try await accept("limited", "1")
            try await eventually("it runs") { try await glo.detail("limited").counters.running == 1 }
            try await dies(accept("limited", "2"))
        }
    }
}
