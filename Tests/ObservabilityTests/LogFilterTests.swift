import AdminModel
import FunctionModel
import Testing

@testable import Observability

@Suite("Looking through the logs")
struct LogFilterTests {
    private let other = InvocationID(high: 1, low: 2)

    private func line(
        _ text: String, at: Int64 = Samples.moment, _ stream: LogRecord.Stream = .stdout, of id: InvocationID? = nil
    ) -> FunctionLogLine {
        FunctionLogLine(
            function: Samples.hello, version: 3, worker: "w1", stream: stream, invocation: id,
            bytes: Array(text.utf8), atMilliseconds: at)
    }

    private func store() async throws -> FunctionLogStore {
        let store = try Samples.store(nil)
        store.append(contentsOf: [
            line("old", at: Samples.moment - 60_000), line("mine", of: Samples.id), line("another's", of: other),
            line("on stderr", .stderr, of: Samples.id), line("ERROR it broke"),
        ])
        store.append(contentsOf: [Samples.ended(.failed(.timedOut))])
        await store.flush()
        return store
    }

    private func messages(_ change: (inout LogFilter) -> Void) async throws -> [String] {
        let store = try await store()
        defer { store.stop() }
        var filter = LogFilter()
        change(&filter)
        return store.records(of: Samples.hello, last: 100, matching: filter).map { $0.message ?? $0.kind.rawValue }
    }

    @Test("Since: what is older is left out")
    func since() async throws {
        #expect(try await messages { $0.sinceMilliseconds = Samples.moment }.first == "mine")
    }

    @Test("Invocation: its lines and its end, nobody else's")
    func invocation() async throws {
        #expect(try await messages { $0.invocation = Samples.id } == ["mine", "on stderr", "end"])
    }

    @Test("Level: what is serious enough, failed invocations among it")
    func level() async throws {
        #expect(try await messages { $0.level = .warn } == ["on stderr", "ERROR it broke", "end"])
        #expect(try await messages { $0.level = .error } == ["ERROR it broke", "end"])
    }

    @Test("Text: what has it in its line")
    func text() async throws {
        #expect(try await messages { $0.text = "other" } == ["another's"])
        #expect(try await messages { $0.text = "END " } == ["end"])
    }

    @Test("The number is that of the records that fit")
    func count() async throws {
        let store = try await store()
        defer { store.stop() }
        var filter = LogFilter()
        filter.level = .warn
        #expect(store.records(of: nil, last: 1, matching: filter).map(\.kind) == [.end])
        #expect(store.records(of: Samples.hello, last: 2, matching: filter).map(\.kind) == [.line, .end])
    }

    @Test("A follower gets what fits and nothing else")
    func follower() async throws {
        let store = try Samples.store(nil)
        var filter = LogFilter()
        filter.text = "yes"
        let stream = store.follow(nil, last: 10, matching: filter)
        store.append(contentsOf: [line("no"), line("yes 1"), line("no"), line("yes 2")])
        await store.flush()
        store.stop()
        var seen: [String?] = []
        for await record in stream { seen.append(record.message) }
        #expect(seen == ["yes 1", "yes 2"])
    }

    @Test(
        "A line's level is what it says itself",
        arguments: [
            ("{\"level\":\"error\",\"msg\":\"x\"}", LogLevel.error), ("{\"time\":1, \"level\" : \"WARN\"}", .warn),
            ("{\"level\":30,\"msg\":\"pino\"}", .info), ("{\"severity\":\"CRITICAL\"}", .error),
            ("<3>systemd's", .error), ("<7>systemd's", .debug), ("[WARN] words", .warn),
            ("2026-11-22 07:16:59 ERROR: words", .error), ("error: the first word", .error),
            ("Traceback (most recent call last):", nil), ("no error here", nil), ("{\"msg\":\"level\"}", nil),
            ("", nil),
        ] as [(String, LogLevel?)])
    func levels(line: String, level: LogLevel?) {
        #expect(LogLevel(line: line) == level)
    }
}
