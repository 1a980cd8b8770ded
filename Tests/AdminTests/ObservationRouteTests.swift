import AdminModel
import AdminTestSupport
import Controller
import Foundation
import Synchronization
import Testing

@Suite("Metrics, statistics and records of the admin API")
struct ObservationRouteTests {
    @Test("/metrics is in Prometheus' text format")
    func metrics() async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send("GET", AdminPath.metrics)
        #expect(answer.status == 200)
        #expect(answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answer.text.hasPrefix("# TYPE glo_build_info"))
        await fixture.server.stop()
    }

    @Test("Statistics, history and records are documents")
    func documents() async throws {
        let fixture = try await AdminFixture()
        func get<Document: Decodable>(_ path: String, as _: Document.Type) async throws -> Document {
            try JSONDecoder().decode(Document.self, from: Data(try await fixture.send("GET", path).body))
        }
        #expect(try await get(AdminPath.statistics, as: LiveStatistics.self).functions.count == 2)
        #expect(try await get(AdminPath.history, as: StatisticsHistory.self).function == nil)
        #expect(try await get(AdminPath.history + "?function=hello", as: StatisticsHistory.self).points.count == 1)
        #expect(try await get(AdminPath.records("hello"), as: [InvocationSummary].self).count == 1)
        let detail = try await get(AdminPath.record(FakeBackend.invocation), as: RecordDetail.self)
        #expect(detail.lines.count == 1)
        await fixture.server.stop()
    }

    @Test(
        "What cannot be meant is refused with a reason",
        arguments: [
            ("/v1/stats/history?function=nobody", 404), ("/v1/stats/history?function=N", 404),
            ("/v1/functions/hello/records?limit=0", 400), ("/v1/functions/hello/records?outcome=odd", 400),
            ("/v1/functions/nobody/records", 404), ("/v1/records/x", 404),
            ("/v1/records/00000000-0000-4000-8000-000000000000", 404), ("/v1/logs?level=loud", 400),
            ("/v1/logs?since=yesterday", 400),
        ])
    func refused(path: String, status: Int) async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send("GET", path)
        #expect(answer.status == status && answer.contentType == ProblemDocument.contentType)
        await fixture.server.stop()
    }

    @Test("The filters of the logs reach the backend")
    func filters() async throws {
        let fixture = try await AdminFixture()
        let id = FakeBackend.invocation
        _ = try await fixture.send(
            "GET", "/v1/logs?function=hello&tail=7&since=12&invocation=\(id)&level=warning&grep=a%20b")
        let last = fixture.backend.logSelections.withLock { $0.last }
        let selection = try #require(last)
        #expect(selection.function == "hello" && selection.tail == 7 && !selection.follow)
        #expect(selection.sinceMilliseconds == 12 && selection.invocation == id)
        #expect(selection.level == .warn && selection.text == "a b")
        await fixture.server.stop()
    }

    @Test("The stream has statistics, and the log when it is asked for")
    func stream() async throws {
        let fixture = try await AdminFixture()
        async let lines = fixture.lines(AdminPath.stream + "?function=hello&logs=true", leavingAfter: 6)
        for await _ in fixture.backend.came { break }
        for follower in fixture.backend.followers.withLock({ $0 }) {
            follower.yield(fixture.backend.line("followed"))
        }
        let seen = try await lines
        #expect(seen.contains("event: stats") && seen.contains("event: log"))
        let statistics = try #require(seen.first { $0.hasPrefix("data: ") && $0.contains("perSecond") })
        let live = try JSONDecoder().decode(LiveStatistics.self, from: Data(statistics.dropFirst(6).utf8))
        #expect(live.functions.map(\.name) == ["hello"])
        // Whoever leaves is not sent to any more.
        for await _ in fixture.backend.gone { break }
        await fixture.server.stop()
    }
}
