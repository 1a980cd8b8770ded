import AdminModel
import AdminTestSupport
import Controller
import Synchronization
import Testing

@testable import glo

@Suite("Watching: top, records, logs")
struct ObservationCommandTests {
    private let backend = FakeBackend()

    @Test("-o json prints the API's document")
    func json() async throws {
        let fixture = try await AdminFixture()
        let commands = [
            (["top", "--once"], "/v1/stats"), (["records", "hello"], "/v1/functions/hello/records"),
            (["record", FakeBackend.invocation], "/v1/records/\(FakeBackend.invocation)"),
        ]
        for (arguments, path) in commands {
            let outcome = try await Program.glo(arguments + ["-o", "json"], state: fixture.state)
            #expect(outcome.code == 0)
            #expect(outcome.text == (try await fixture.send("GET", path).text) + "\n")
        }
        await fixture.server.stop()
    }

    @Test("top prints once where there is no terminal")
    func once() async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(["top"], state: fixture.state)
        #expect(outcome.code == 0 && outcome.text.contains("FUNCTION") && !outcome.text.contains("\u{1B}"))
        await fixture.server.stop()
    }

    @Test("top shows the busiest first")
    func topText() async throws {
        let live = try await backend.statistics()
        #expect(
            TopText.text(live, cpuShare: 0.125, columns: 200, rows: .max) == """
                glo top   2026-11-22 07:16:59 UTC, up 1h 0m, controller: 13 % of a CPU, 64 MiB of memory
                Last minute: 12.5/s, errors 1.00 %, p50 1.25 ms, p99 125 ms
                Workers: 1 busy, 1 idle, 0 starting, 0 ending, 2 spares; 3 connections
                Queue: 5 ready, 1 delayed, 0 running, 4 dead; Redis ready, engine answers

                FUNCTION  VERSION  RATE/S  ERRORS  P50 MS  P95 MS  P99 MS  RUN  WAIT  BUSY  IDLE  STARTING  QUEUE  DEAD
                hello     3        12.5    1.0 %   1.25    12.5    125     1    2     1     1     0         6      4
                idle      1        0.0     0.0 %   -       -       -       0    0     0     0     0         0      0

                """)
    }

    @Test("top fits its screen")
    func fits() async throws {
        var live = try await backend.statistics()
        live.functions = (0..<50).map { FunctionLive(name: "f\($0)", version: 1, rates: LiveRates()) }
        let lines = TopText.text(live, cpuShare: nil, columns: 40, rows: 12).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 12)
        #expect(lines.allSatisfy { $0.count <= 40 })
        #expect(lines.last == "… and 45 more")
    }

    @Test("records are a table, a record is all that is known of it")
    func records() async throws {
        let fixture = try await AdminFixture()
        let table = try await Program.glo(["records", "hello", "--outcome", "failed"], state: fixture.state).text
        #expect(table.contains("312.400 ms") && table.contains("4.812 ms") && table.contains("timed_out"))
        let outcomes = fixture.backend.outcomes.withLock { $0 }
        #expect(outcomes == ["failed"])
        let record = try await Program.glo(["record", FakeBackend.invocation], state: fixture.state).text
        #expect(record.contains("Outcome:      timed_out\n") && record.contains("from the handler"))
        let unknown = try await Program.glo(["record", "00000000-0000-4000-8000-000000000000"], state: fixture.state)
        #expect(unknown.code == 4)
        await fixture.server.stop()
    }

    @Test("logs hands its filters on")
    func logs() async throws {
        let fixture = try await AdminFixture()
        let id = FakeBackend.invocation
        let outcome = try await Program.glo(
            [
                "logs", "hello", "--since", "2026-11-22T07:16:59Z", "--invocation", id, "--level", "warn", "--grep",
                "a & b",
            ], state: fixture.state)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let last = fixture.backend.logSelections.withLock { $0.last }
        let selection = try #require(last)
        #expect(selection.sinceMilliseconds == 1_795_331_819_000 && selection.invocation == id)
        #expect(selection.level == .warn && selection.text == "a & b")
        await fixture.server.stop()
    }

    @Test(
        "Arguments that cannot be meant are refused before anybody is asked",
        arguments: [
            ["logs", "--level", "loud"], ["logs", "--invocation", "x"], ["logs", "--since", "soon"],
            ["records", "hello", "-n", "0"], ["record", "x"], ["top", "extra"],
            ["serve", "--records", "many"], ["serve", "--metrics", "perhaps"], ["serve", "--traces", "collector"],
            ["serve", "--traces", "http://c:4318/", "--trace-sample", "2"],
        ])
    func usage(arguments: [String]) async throws {
        let outcome = try await Program.glo(arguments)
        #expect(outcome.code == 2, "\(outcome.errors)")
    }

    @Test("status ends with 1 when something is wrong, and says what")
    func status() {
        var status = ControllerStatus(
            version: "1", pid: 1, bootID: "b", startedAtMilliseconds: 0,
            engine: EngineStatus(kind: "docker", isReachable: false), functionsDirectory: "f", stateDirectory: "s")
        #expect(StatusCommand.text(status, nowMilliseconds: 1000).contains("Health:      healthy\n"))
        status.problems = ["the container engine does not answer; no worker can start"]
        status.redis = RedisStatus(state: .ready, usedMemoryBytes: 2 << 20, maxMemoryBytes: 1 << 30)
        status.queue = QueueDepth(ready: 3, dead: 1, oldestMilliseconds: 61_000)
        let text = StatusCommand.text(status, nowMilliseconds: 1000)
        #expect(text.contains("Health:      not healthy\n             the container engine does not answer"))
        #expect(text.contains("Redis:       ready, 2 MiB of 1 GiB\n"))
        #expect(text.contains("Queue:       3 ready, 0 delayed, 0 running, 1 dead, the oldest for 1m 1s\n"))
    }
}
