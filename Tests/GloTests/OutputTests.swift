import AdminModel
import AdminTestSupport
import Controller
import FunctionModel
import Testing

@testable import glo

@Suite("What people read")
struct OutputTests {
    private let backend = FakeBackend()

    @Test("Tables are aligned, empty cells are dashes, control characters are shown")
    func table() {
        var table = TextTable("NAME", "N", "LAST")
        table.add("a", "1", "x")
        table.add("longer", nil, "y\u{1b}")
        #expect(table.text == "NAME    N  LAST\na       1  x\nlonger  -  y\\x1b\n")
    }

    @Test("The list of functions, with the reasons of those that were refused")
    func list() async throws {
        #expect(
            ListCommand.text(try await backend.functions()) == """
                NAME    STATE     VERSION  CONTRACT  WORKERS  ROUTES
                broken  rejected  -        -         0        -
                hello   active    3        lambda    1        /hello  GET,POST /hi/{name}

                broken: the file is truncated

                """)
    }

    @Test("A list without functions says how to get one")
    func emptyList() {
        #expect(ListCommand.text([]).contains("glo init"))
    }

    @Test("A function's description")
    func describe() async throws {
        let name = try #require(FunctionName("hello"))
        #expect(
            DescribeText.text(try await backend.function(name)) == """
                Name:         hello
                State:        rejected
                Problem:      hello/function.yaml:3: unknown key 'memroy' (unknown_key)
                What to do:   did you mean 'memory'?
                Version:      3, deployed 2026-11-22 07:16:59 UTC, 0123456789ab
                Contract:     lambda: the manifest says so
                Routes:       /hello
                Command:      /var/task/bootstrap --name 'a b'
                Image:        the built-in one
                Limits:       memory 128 MiB, cpu 0.5, timeout 30s, queue 1000
                Network:      none
                Workers:      0 to 8, 1 at once each, idle 10m
                Environment:  LOG
                Now:          0 running, 0 queued; workers: 0 busy, 1 idle, 0 starting
                Since start:  10 invocations, 1 failed, 2 cold starts

                ENDED (UTC)          INVOCATION                            VERSION  MS     COLD  PEAK MIB  OUTCOME
                2026-11-22 07:16:59  1b4e28ba-2fa1-41d2-883f-0016d3cca427  3        4.812  yes   12.4      ok

                """)
    }

    @Test("The workers, the versions and the controller")
    func others() async throws {
        let name = try #require(FunctionName("hello"))
        let now = FakeBackend.moment + 125_000
        #expect(
            WorkersCommand.text(try await backend.workers(), nowMilliseconds: now) == """
                WORKER  FUNCTION  VERSION  STATE  AGE    INVOCATIONS  IN FLIGHT  MEMORY  PID  CONTAINER
                w1      hello     3        idle   2m 5s  10           0          12 MiB  123  c0ffeec0ffee
                s1      -         -        spare  2m 5s  0            0          -       -    -

                """)
        #expect(
            VersionsCommand.text(try await backend.versions(of: name)) == """
                VERSION  DEPLOYED (UTC)       CONTRACT  PUBLISHED  ALIASES    WORKERS  INVOCATIONS  FAILED  COLD  HASH          PROBLEM
                3 *      2026-11-22 07:16:59  lambda    -          live 10 %  1        100          1       1     0123456789ab  -
                2        2026-11-22 07:16:59  lambda    1          live 90 %  0        100          0       1     0123456789ab  -

                """)
        #expect(
            StatusCommand.text(try await backend.status(), nowMilliseconds: now) == """
                Controller:  glo 0.1.0, running for 2m 5s, pid 4711, boot boot-1
                Health:      healthy
                Engine:      docker 20.10.24, API 1.41
                Listeners:   127.0.0.1:8080 (public)
                Functions:   2, 1 rejected, in functions
                Workers:     1, and 2 spares
                Memory:      128 MiB of 8 GiB promised to workers
                State:       .glo
                Warnings:    live-restore is off

                """)
    }

    @Test("Words for a shell are quoted where they must be")
    func shell() {
        #expect(
            ShellText.line(["docker", "--tmpfs", "/tmp:rw,size=1", "a b", "it's", "", "$x"])
                == #"docker --tmpfs /tmp:rw,size=1 'a b' 'it'\''s' '' '$x'"#)
    }

    @Test(
        "Lengths of time",
        arguments: [
            (Int64(-5), "0s"), (59_999, "59s"), (125_000, "2m 5s"), (12_000_000, "3h 20m"), (360_000_000, "4d 4h"),
        ])
    func ages(milliseconds: Int64, text: String) {
        #expect(DurationText.age(milliseconds: milliseconds) == text)
    }

    @Test(
        "Settings are in the largest unit that fits",
        arguments: [
            (250, "250ms"), (1500, "1500ms"), (30_000, "30s"), (90_000, "90s"), (600_000, "10m"), (21_600_000, "6h"),
            (0, "0ms"),
        ])
    func settings(milliseconds: Int, text: String) {
        #expect(DurationText.setting(milliseconds: milliseconds) == text)
    }

    @Test("Words in a URL are escaped byte by byte")
    func query() {
        #expect(QueryText.of([]) == "")
        #expect(QueryText.of([("a", "1 &=æ"), ("b", "x-._~")]) == "?a=1%20%26%3D%C3%A6&b=x-._~")
    }
}
