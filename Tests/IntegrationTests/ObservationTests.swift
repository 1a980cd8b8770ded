import AdminModel
import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// Metrics, statistics, records and logs of a real controller.
    @Suite(
        "What is observed",
        .controller { functions in
            try functions.write("shout", "#!/bin/sh\necho \"called with $GLO_INVOCATION_ID\" >&2\ntr a-z A-Z\n")
            try functions.write("fails", "#!/bin/sh\necho 'the reason' >&2\nexit 3\n")
        })
    struct Observation {
        private func scrape() async throws -> String {
            let glo = try glo
            return try await glo.admin("GET", AdminPath.metrics).text
        }

        /// The value of the one sample whose line begins so; nil when there is none.
        private func value(_ start: String, in text: String) -> Double? {
            text.split(separator: "\n").first { $0.hasPrefix(start) }?.split(separator: " ").last.flatMap { Double($0) }
        }

        @Test("The scrape passes Prometheus' own check", .needs("promtool"))
        func promtool() async throws {
            _ = try await glo.http.post("/shout", "x")
            _ = try await glo.http.post("/fails", "x")
            let text = try await scrape()
            let outcome = try await Program.run("promtool", ["check", "metrics"], input: Array(text.utf8))
            #expect(outcome.code == 0, "\(outcome.text)\(outcome.errors)")
        }

        @Test("The rules of deploy/ pass Prometheus' own check", .needs("promtool"))
        func rules() async throws {
            try await Program.check(
                "promtool", ["check", "rules", "\(Handlers.repository)/deploy/prometheus/alerts.yml"])
        }

        @Test("Rules and dashboard name only metrics that docs/metrics.md explains")
        func names() throws {
            func text(_ path: String) throws -> String {
                try String(contentsOfFile: "\(Handlers.repository)/\(path)", encoding: .utf8)
            }
            let known = try text("docs/metrics.md")
            for path in ["deploy/prometheus/alerts.yml", "deploy/grafana/glo.json"] {
                for match in try text(path).matches(of: /\b(glo|process)_[a-z_]+[a-z]/) {
                    var name = String(match.output.0)
                    if name.hasSuffix("_bucket") { name.removeLast("_bucket".count) }
                    #expect(known.contains("`\(name)`") || known.contains("`\(name){"), "\(path): \(name)")
                }
            }
        }

        @Test("Invocations are counted by outcome, and each family is explained")
        func counts() async throws {
            let before = try await scrape()
            for _ in 0..<3 { _ = try await glo.http.post("/shout", "x") }
            _ = try await glo.http.post("/fails", "x")
            let after = try await scrape()
            let succeeded = #"glo_invocations_total{function="shout",version="1",outcome="succeeded"}"#
            let failed = #"glo_invocations_total{function="fails",version="1",outcome="handler_failed"}"#
            #expect((value(succeeded, in: after) ?? 0) - (value(succeeded, in: before) ?? 0) == 3)
            #expect((value(failed, in: after) ?? 0) - (value(failed, in: before) ?? 0) == 1)
            #expect(value("glo_redis_up", in: after) == 1 && value("glo_engine_up", in: after) == 1)
            #expect((value("process_resident_memory_bytes", in: after) ?? 0) > 1_000_000)
            #expect(after.contains("glo_engine_call_duration_seconds_count{call=\"create\",outcome=\"answered\"}"))
            let docs = try String(contentsOfFile: "\(Handlers.repository)/docs/metrics.md", encoding: .utf8)
            for line in after.split(separator: "\n") where line.hasPrefix("# TYPE ") {
                let name = line.split(separator: " ")[2]
                #expect(
                    docs.contains("`\(name)`") || docs.contains("`\(name){"), "docs/metrics.md does not have \(name)")
            }
        }

        @Test("Records say how each invocation went, with its lines; the peak of its memory comes from the kernel")
        func records() async throws {
            let glo = try glo
            let id = try #require(try await glo.http.post("/shout", "x").invocation)
            try await eventually("the record is there") {
                try await glo.glo("record", id, "-o", "json").code == 0
            }
            let detail = try await glo.glo("record", id, "-o", "json").json
            #expect(detail["record"]["outcome"].string == "ok" && detail["record"]["function"].string == "shout")
            #expect((detail["record"]["peakMemoryBytes"].int ?? 0) > 100_000)
            try await eventually("its line is there") {
                try await glo.glo("record", id).text.contains("called with \(id)")
            }
            let failed = try #require(try await glo.http.post("/fails", "x").invocation)
            let list = try await glo.glo("records", "fails", "--outcome", "handler_failed", "-o", "json").json
            #expect(list[0]["id"].string == failed && list[0]["outcome"].string == "handler_failed")
            #expect(try await glo.glo("records", "fails", "--outcome", "ok").text.contains("no records"))
            #expect(try await glo.glo("records", "nobody").code == 4)
        }

        @Test("The filters of the logs work in the controller")
        func logs() async throws {
            let glo = try glo
            let id = try #require(try await glo.http.post("/fails", "x").invocation)
            let errors = try await glo.glo("logs", "--invocation", id, "--level", "error").text
            #expect(errors.contains("END \(id)") && !errors.contains("START"))
            try await eventually("the line is found by its text") {
                try await glo.glo("logs", "--grep", "the reason", "--since", "1m").text.contains("stderr the reason")
            }
            #expect(try await glo.glo("logs", "--grep", "nobody wrote this").text.isEmpty)
        }

        @Test("top, the statistics and their history tell the same")
        func statistics() async throws {
            let glo = try glo
            for _ in 0..<5 { _ = try await glo.http.post("/shout", "x") }
            try await eventually("the calls are among them") {
                let live = try await glo.ask(AdminPath.statistics, as: LiveStatistics.self)
                let shout = live.functions.first { $0.name == "shout" }
                return (shout?.invocations ?? 0) >= 5 && (shout?.rates.p50Milliseconds ?? 0) > 0
                    && live.process.residentBytes > 0 && live.redis == .ready
            }
            let history = try await glo.ask(AdminPath.history + "?function=shout", as: StatisticsHistory.self)
            #expect(history.points.reduce(0) { $0 + $1.invocations } >= 5)
            #expect(try await glo.glo("top", "--once").text.contains("shout"))
        }

        @Test("status is healthy")
        func status() async throws {
            let outcome = try await glo.glo("status")
            #expect(outcome.code == 0 && outcome.text.contains("healthy"), "\(outcome.text)")
        }
    }

    @Suite("Traces")
    struct Traces {
        @Test("Each invocation is a tree of spans at the collector, and the handler is given its place in it")
        func traces() async throws {
            let collector = try ChildProcess("/usr/bin/python3", [Handlers.path("collector.py")])
            defer { collector.signal(SIGKILL) }
            let port = await collector.log.line(seconds: 20) { $0.message == "listening" }?.json["port"].int
            let url = "http://127.0.0.1:\(try #require(port))/v1/traces"
            let options = GloProcess.Options.with("--traces", url, "--trace-sample", "1", isolation: "process")
            try await GloProcess.run(options) { functions in
                try functions.write("traced", "#!/bin/sh\necho $GLO_TRACEPARENT\n")
            } _: { glo in
                let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
                let answer = try await glo.http.send("GET", "/traced", headers: [("traceparent", parent)])
                let line = await collector.log.line(seconds: 20) { $0.message == "traces" }
                let request = try #require(line).json
                #expect(request["path"].string == "/v1/traces" && request["type"].string == "application/json")
                let spans = request["document"]["resourceSpans"][0]["scopeSpans"][0]["spans"].array
                #expect(spans.compactMap { $0["name"].string } == ["traced", "traced wait", "traced handler"])
                #expect(spans.allSatisfy { $0["traceId"].string == "0af7651916cd43dd8448eb211c80319c" })
                #expect(spans[0]["parentSpanId"].string == "b7ad6b7169203331")
                #expect(spans[2]["parentSpanId"].string == spans[0]["spanId"].string)
                let given = answer.text.split(separator: "-")
                #expect(given.count == 4 && String(given[2]) == spans[2]["spanId"].string, "\(answer.text)")
                let metrics = try await glo.admin("GET", AdminPath.metrics).text
                #expect(metrics.contains("glo_trace_invocations_total{outcome=\"sent\"} 1"))
            }
        }

        @Test("Without records nothing is remembered of invocations, and without metrics nothing is counted")
        func off() async throws {
            let options = GloProcess.Options.with("--records", "off", "--metrics", "off", isolation: "process")
            try await GloProcess.run(options) { functions in
                try functions.write("quiet", "#!/bin/sh\necho 'a line' >&2\ncat\n")
            } _: { glo in
                #expect(try await glo.http.post("/quiet", "x").status == 200)
                #expect(try await glo.glo("invoke", "quiet", "-d", "x", "--log-tail").errors.contains("a line"))
                let log = try await glo.glo("logs", "quiet").text
                #expect(log.contains("a line") && !log.contains("START") && !log.contains("END"))
                #expect(try await glo.glo("records", "quiet").errors.contains("observation_off"))
                #expect(try await glo.admin("GET", AdminPath.metrics).code == "observation_off")
            }
        }
    }
}
