import AdminModel
import AdminTestSupport
import Controller
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import glo

@Suite("The command line against a running controller")
struct CommandTests {
    @Test(
        "-o json prints the API's document",
        arguments: [
            (["ls"], "/v1/functions"), (["describe", "hello"], "/v1/functions/hello"), (["ps"], "/v1/workers"),
            (["versions", "hello"], "/v1/functions/hello/versions"),
            (["explain", "hello"], "/v1/functions/hello/explain"), (["status"], "/v1/status"),
        ])
    func json(arguments: [String], path: String) async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(arguments + ["-o", "json"], state: fixture.state)
        #expect(outcome.code == 0)
        #expect(outcome.text == (try await fixture.send("GET", path).text) + "\n")
        #expect(outcome.errors == "")
        await fixture.server.stop()
    }

    @Test(
        "Without -o the result is for people",
        arguments: [
            (["ls"], "hello   active"), (["describe", "hello"], "Name:"), (["ps"], "c0ffeec0ffee"),
            (["versions", "hello"], "3 *"), (["status"], "Controller:"),
            (
                ["explain", "hello"],
                "# init starts the handler\ndocker run --network none --tmpfs /tmp:rw,size=64m image 'it'\\''s'\n"
            ),
            (["rollback", "hello", "2"], "Version 2 of hello serves now.\n"),
            (["logs", "-n", "1"], "hello v3 stderr line 0\n"),
        ])
    func text(arguments: [String], part: String) async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(arguments, state: fixture.state)
        #expect(outcome.code == 0)
        #expect(outcome.text.contains(part), "\(outcome.text)")
        await fixture.server.stop()
    }

    @Test("--state comes before GLO_STATE, and a path too long for a socket works")
    func stateFlag() async throws {
        let fixture = try await AdminFixture(subdirectory: String(repeating: "s", count: 150))
        let outcome = try await Program.glo(["ls", "--state", fixture.state])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let relative = try await Program.glo(
            ["ls", "--state", String(repeating: "s", count: 150)], directory: fixture.directory.path)
        #expect(relative.code == 0, "\(relative.errors)")
        await fixture.server.stop()
    }

    @Test("A result's bytes reach standard output untouched, whatever they are")
    func invoke() async throws {
        let fixture = try await AdminFixture()
        let text = try await Program.glo(["invoke", "hello", "-d", #"{"a":1}"#], state: fixture.state)
        #expect(text.output == Array(#"{"a":1}"#.utf8))
        #expect(text.errors == "")
        let bytes = try await Program.glo(["invoke", "hello", "-d", "bytes"], state: fixture.state)
        #expect(bytes.output == [0, 255, 10, 13, 0])
        let none = try await Program.glo(["invoke", "hello"], state: fixture.state)
        #expect(none.output.isEmpty && none.code == 0)
        await fixture.server.stop()
    }

    @Test("The event may come from a file or from standard input")
    func invokeSources() async throws {
        let fixture = try await AdminFixture()
        let event = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        fixture.directory.write(event, to: "event")
        let file = try await Program.glo(
            ["invoke", "hello", "-d", "@\(fixture.directory.path)/event"], state: fixture.state)
        #expect(file.output == event)
        let input = try await Program.glo(["invoke", "hello", "-d", "-"], state: fixture.state, input: event)
        #expect(input.output == event)
        let missing = try await Program.glo(["invoke", "hello", "-d", "@/nowhere/event"], state: fixture.state)
        #expect(missing.code == 2)
        #expect(missing.errors.contains("cannot read /nowhere/event"))
        await fixture.server.stop()
    }

    @Test("An event that is too large is refused with the limit, however large it is", arguments: [7 << 20, 40 << 20])
    func largeEvent(bytes: Int) async throws {
        let fixture = try await AdminFixture()
        fixture.directory.write([UInt8](repeating: 65, count: bytes), to: "event")
        let outcome = try await Program.glo(
            ["invoke", "hello", "-d", "@\(fixture.directory.path)/event"], state: fixture.state)
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("more than 6 MiB. (body_too_large)"), "\(outcome.errors)")
        await fixture.server.stop()
    }

    @Test("A function that fails is exit code 1, its error on standard error and nothing on standard output")
    func invokeFailure() async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(["invoke", "hello", "-d", "fail"], state: fixture.state)
        #expect(outcome.code == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("failed with handler_failed: The handler exited with code 3."))
        #expect(outcome.errors.contains(#"{"errorMessage":"no"}"#))
        let json = try await Program.glo(["invoke", "hello", "-d", "fail", "-o", "json"], state: fixture.state)
        #expect(json.code == 1)
        #expect(try JSONDecoder().decode(InvokeResult.self, from: Data(json.output)).outcome == "handler_failed")
        await fixture.server.stop()
    }

    @Test("--log-tail prints what the handler logs to standard error")
    func logTail() async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(["invoke", "hello", "-d", "x", "--log-tail"], state: fixture.state)
        #expect(outcome.text == "x")
        #expect(outcome.errors == "2026-11-22T07:16:59.123Z v3 stderr from the handler\n")
        await fixture.server.stop()
    }

    @Test(
        "What does not exist is exit code 4",
        arguments: [
            ["describe", "nobody"], ["versions", "nobody"], ["explain", "nobody"], ["invoke", "nobody"],
            ["logs", "nobody"], ["rollback", "nobody"], ["rollback", "hello", "99"],
        ])
    func notFound(arguments: [String]) async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(arguments, state: fixture.state)
        #expect(outcome.code == 4)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("_not_found)"))
        await fixture.server.stop()
    }

    @Test("A refusal of the controller is exit code 1 and says what to do")
    func refusal() async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(["invoke", "hello", "-d", "boom"], state: fixture.state)
        #expect(outcome.code == 1)
        #expect(outcome.errors == "glo: The engine does not answer. (engine_unavailable)\n     start it\n")
        await fixture.server.stop()
    }

    @Test("logs -f goes on until the controller stops, and then says so")
    func follow() async throws {
        let fixture = try await AdminFixture()
        async let outcome = Program.glo(["logs", "-f", "-n", "2", "hello"], state: fixture.state)
        var came = fixture.backend.came.makeAsyncIterator()
        #expect(await came.next() != nil)
        for continuation in fixture.backend.followers.withLock({ $0 }) {
            continuation.yield(fixture.backend.line("news"))
            continuation.finish()
        }
        let result = try await outcome
        #expect(result.text.split(separator: "\n").map { $0.suffix(6) } == ["line 0", "line 1", "r news"])
        #expect(result.code == 3)
        #expect(result.errors.contains("the controller has stopped"))
        await fixture.server.stop()
    }
}
