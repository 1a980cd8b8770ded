import AdminModel
import AdminTestSupport
import Controller
import FoundationEssentials
import Synchronization
import Testing

@testable import glo

@Suite("The command line's events against a running controller")
struct EventCommandTests {
    @Test(
        "-o json prints the API's document",
        arguments: [
            (["invocations", "--limit", "2"], "GET", "/v1/invocations?limit=2"),
            (["invocation", FakeEvents.waiting], "GET", "/v1/invocations/\(FakeEvents.waiting)"),
            (["queue"], "GET", "/v1/queue"), (["schedule", "ls"], "GET", "/v1/schedules"),
            (["dlq", "ls"], "GET", "/v1/invocations?state=dead"),
            (["dlq", "show", FakeEvents.failed], "GET", "/v1/invocations/\(FakeEvents.failed)?payload=true"),
            (["cancel", FakeEvents.waiting], "DELETE", "/v1/invocations/\(FakeEvents.waiting)"),
            (["publish", "orders"], "POST", "/v1/topics/orders/publish"),
            (["invoke", "hello", "--async"], "POST", "/v1/functions/hello/enqueue"),
            (["replay", FakeEvents.failed], "POST", "/v1/invocations/\(FakeEvents.failed)/replay"),
            (["schedule", "run", "hello/0"], "POST", "/v1/schedules/hello%2F0/run"),
        ])
    func json(arguments: [String], method: String, path: String) async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(arguments + ["-o", "json"], state: fixture.state)
        #expect(outcome.code == 0)
        #expect(outcome.text == (try await fixture.send(method, path).text) + "\n")
        #expect(outcome.errors == "")
        await fixture.server.stop()
    }

    @Test(
        "Without -o the result is for people",
        arguments: [
            (["invocations", "--status", "running"], "running  1 of 3    -"),
            (["invocations", "hello"], "delayed    0 of 3    -"),
            (["publish", "orders"], "Event \(FakeEvents.made) goes to 2 functions.\n"),
            (["publish", "orders", "--key", "again"], "was accepted before under this key; nothing new is stored.\n"),
            (["invoke", "hello", "--async"], "\(FakeEvents.running)\n"),
            (["cancel", FakeEvents.waiting], "It is cancelled and will not run.\n"),
            (["cancel", FakeEvents.running], "It runs, and is being stopped.\n"),
            (["replay", FakeEvents.failed, "--version", "3"], "\(FakeEvents.made)\n"),
            (["queue"], "Redis: ready, 12 MiB of 256 MiB, unix:.glo/redis.sock\n"),
            (["dlq", "ls", "hello"], "There are no dead letters.\n"),
            (["dlq", "show", FakeEvents.failed], "The handler exited with code 3. (handler_failed)"),
            (["schedule", "ls"], "hello/0   hello     */5 * * * *  Europe/Oslo"),
            (["schedule", "run", "hello/0"], "\(FakeEvents.made)\n"),
        ])
    func text(arguments: [String], part: String) async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(arguments, state: fixture.state)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.text.contains(part), "\(outcome.text)")
        await fixture.server.stop()
    }

    @Test(
        "An event's options reach the controller", arguments: [["publish", "orders"], ["invoke", "hello", "--async"]])
    func options(command: [String]) async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(
            command + [
                "-d", "-", "--delay", "10m", "--key", "a b", "--priority", "9", "--group", "æ", "--type", "text/x",
            ], state: fixture.state, input: [0, 255])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let stored = try #require(fixture.backend.events.withLock { $0.stored.first })
        let request = stored.request
        #expect(stored.payload == [0, 255])
        #expect(request.delayMilliseconds == 600_000)
        #expect(request.key == "a b" && request.priority == 9)
        #expect(request.group == "æ" && request.contentType == "text/x")
        _ = try await Program.glo(command + ["--at", "2026-11-22T08:16:59.123+01:00"], state: fixture.state)
        #expect(fixture.backend.events.withLock { $0.stored.last?.request.dueAtMilliseconds } == FakeBackend.moment)
        await fixture.server.stop()
    }

    @Test("invoke --async --wait prints the result's bytes when there is one")
    func asyncWait() async throws {
        let fixture = try await AdminFixture()
        let good = try await Program.glo(["invoke", "hello", "--async", "--wait"], state: fixture.state)
        #expect(good.text == "done\n")
        #expect(good.code == 0)
        #expect(fixture.backend.events.withLock { $0.waits } == [60_000, 60_000])
        let bad = try await Program.glo(["invoke", "hello", "--async", "--wait", "-d", "fail"], state: fixture.state)
        #expect(bad.code == 1)
        #expect(bad.output.isEmpty)
        #expect(bad.errors.contains("failed with handler_failed: The handler exited with code 3."))
        await fixture.server.stop()
    }

    @Test("invocation --wait asks until the end, and a dead letter is exit code 1")
    func wait() async throws {
        let fixture = try await AdminFixture()
        let good = try await Program.glo(["invocation", FakeEvents.running, "--wait=130"], state: fixture.state)
        #expect(good.code == 0)
        #expect(good.text.contains("\nResult:\ndone\n\nLog:\nfrom the handler\n\\x1b[2J\n"), "\(good.text)")
        #expect(fixture.backend.events.withLock { $0.waits } == [60_000, 60_000])
        let dead = try await Program.glo(["invocation", "--wait", FakeEvents.failed], state: fixture.state)
        #expect(dead.code == 1)
        #expect(dead.text.contains("State:       dead\n"))
        let looked = try await Program.glo(["invocation", FakeEvents.failed], state: fixture.state)
        #expect(looked.code == 0)
        await fixture.server.stop()
    }

    @Test("A wait that was too short is exit code 1 and says so")
    func waitTooShort() async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(["invocation", FakeEvents.waiting, "--wait", "70"], state: fixture.state)
        #expect(outcome.code == 1)
        #expect(outcome.errors == "glo: invocation \(FakeEvents.waiting) is still delayed after 70s\n")
        #expect(fixture.backend.events.withLock { $0.waits } == [60_000, 10_000])
        await fixture.server.stop()
    }

    @Test("--payload shows the event, or why it cannot")
    func payload() async throws {
        let fixture = try await AdminFixture()
        let there = try await Program.glo(["invocation", FakeEvents.waiting, "--payload"], state: fixture.state)
        #expect(there.text.hasSuffix("\nPayload:\nthe event\n"))
        let gone = try await Program.glo(["invocation", FakeEvents.succeeded, "--payload"], state: fixture.state)
        #expect(gone.text.contains("async.keepPayload"))
        await fixture.server.stop()
    }

    @Test("queue --watch goes on until the controller stops")
    func watch() async throws {
        let fixture = try await AdminFixture()
        async let outcome = Program.glo(["queue", "--watch", "-o", "json"], state: fixture.state)
        var looks = fixture.backend.queueLooks.makeAsyncIterator()
        // Who looks a third time has printed two answers.
        for _ in 0..<3 { #expect(await looks.next() != nil) }
        await fixture.server.stop()
        let result = try await outcome
        #expect(result.text.split(separator: "\n").count >= 2)
        #expect(result.code == 3)
    }

    @Test("redrive goes on in batches, and ends with the totals")
    func redrive() async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(["dlq", "redrive", "hello"], state: fixture.state)
        #expect(outcome.text == "250 dead letters run again, 0 left.\n", "\(outcome.errors)")
        #expect(outcome.errors == "")
        #expect(fixture.backend.events.withLock { $0.deadLetterRequests.map(\.limit) } == [100, 100, 50])
        await fixture.server.stop()
    }

    @Test("A rate makes the batches small")
    func rate() async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(
            ["dlq", "redrive", "--all", "--rate", "2000", "-o", "json"], state: fixture.state)
        #expect(outcome.text == "{\"count\":253,\"left\":0}\n")
        #expect(
            fixture.backend.events.withLock { $0.deadLetterRequests.map(\.limit) } == [3, 200, 50])
        await fixture.server.stop()
    }

    @Test("--since stops when no younger one is there")
    func since() async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(
            ["dlq", "redrive", "hello", "--since", "2026-11-22T07:16:59.123Z"], state: fixture.state)
        #expect(outcome.text == "20 dead letters run again, 230 left.\n", "\(outcome.errors)")
        #expect(
            fixture.backend.events.withLock { $0.deadLetterRequests.first?.sinceMilliseconds } == FakeBackend.moment)
        await fixture.server.stop()
    }

    @Test("One dead letter is taken by its id; what is none is left alone")
    func one() async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(["dlq", "redrive", FakeEvents.failed], state: fixture.state)
        #expect(outcome.text == "1 dead letter run again, 2 left.\n", "\(outcome.errors)")
        let other = try await Program.glo(["dlq", "purge", "--yes", FakeEvents.succeeded], state: fixture.state)
        #expect(other.code == 1)
        #expect(other.errors.contains("is succeeded, not a dead letter"))
        #expect(
            fixture.backend.events.withLock { $0.deadLetterRequests } == [
                DeadLetterRequest(function: "audit", ids: [FakeEvents.failed], limit: 1)
            ])
        await fixture.server.stop()
    }

    @Test("purge removes nothing unasked")
    func purge() async throws {
        let fixture = try await AdminFixture()
        let unasked = try await Program.glo(["dlq", "purge", "audit"], state: fixture.state)
        #expect(unasked.code == 2)
        #expect(unasked.errors.contains("--yes"))
        #expect(fixture.backend.events.withLock { $0.deadLetterRequests.isEmpty })
        let outcome = try await Program.glo(["dlq", "purge", "audit", "--yes"], state: fixture.state)
        #expect(outcome.text == "3 dead letters removed, 0 left.\n")
        await fixture.server.stop()
    }

    @Test("erase asks again until nothing runs, and says what keeps the bytes")
    func erase() async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(["erase", "--key", "customer-17"], state: fixture.state)
        #expect(outcome.text.hasPrefix("2 events are erased. The append-only file keeps the bytes"), "\(outcome.text)")
        #expect(fixture.backend.events.withLock { $0.erasures.count } == 2)
        let none = try await Program.glo(["erase", "--id", FakeEvents.unknown, "--rewrite"], state: fixture.state)
        #expect(
            none.text == "No event was kept under this id. The append-only file is being rewritten.\n")
        #expect(fixture.backend.events.withLock { $0.erasures.last?.rewrite } == true)
        await fixture.server.stop()
    }

    @Test(
        "What does not exist is exit code 4",
        arguments: [
            ["publish", "nobody"], ["invoke", "nobody", "--async"], ["invocation", FakeEvents.unknown],
            ["cancel", FakeEvents.unknown], ["replay", FakeEvents.unknown],
            ["replay", FakeEvents.failed, "--version=99"],
            ["schedule", "run", "nobody"], ["dlq", "show", FakeEvents.unknown], ["dlq", "redrive", "nobody"],
            ["dlq", "purge", "--yes", FakeEvents.unknown],
        ])
    func notFound(arguments: [String]) async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(arguments, state: fixture.state)
        #expect(outcome.code == 4)
        #expect(outcome.output.isEmpty)
        await fixture.server.stop()
    }

    @Test(
        "A refusal is exit code 1 with its code",
        arguments: [
            (["cancel", FakeEvents.succeeded], "(invocation_ended)"),
            (["replay", FakeEvents.succeeded], "set async.keepPayload. (payload_gone)"),
        ])
    func refusal(arguments: [String], part: String) async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(arguments, state: fixture.state)
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains(part), "\(outcome.errors)")
        await fixture.server.stop()
    }
}
