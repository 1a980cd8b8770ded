import AdminTestSupport
import Glibc
import Testing

@testable import glo

@Suite("The command line by itself")
struct UsageTests {
    @Test(
        "A mistake in the arguments is exit code 2",
        arguments: [
            ["--nonsense"], ["nonsense"], ["describe"], ["describe", "Not A Name"], ["logs", "-n", "many"],
            ["logs", "-n", "-1"], ["logs", "a.b"], ["ls", "-o", "xml"], ["init", "hello"],
            ["init", "hello", "--lang", "cobol"], ["rollback", "hello", "three"], ["completion", "tcsh"],
            ["publish"], ["publish", "orders", "--delay", "soon"], ["publish", "orders", "--at", "25:00"],
            ["publish", "orders", "--delay", "1s", "--at", "10:00"], ["publish", "orders", "--priority", "10"],
            ["invoke", "hello", "--key", "a"], ["invoke", "hello", "--wait"],
            ["invoke", "hello", "--async", "--log-tail"],
            ["invocation", "not-an-id"], ["cancel"], ["invocations", "--status", "asleep"],
            ["invocations", "--limit", "0"],
            ["alias"], ["alias", "hello", "live"], ["alias", "hello", "live=x"], ["alias", "hello", "12=3"],
            ["alias", "hello", "live=3:90,4:20"], ["alias", "hello", "live=3,4"], ["alias", "hello", "live=3:0,4:100"],
            ["alias", "hello", "--sticky", "x-user"], ["alias", "hello", "live=3", "--remove", "live"],
            ["promote", "hello"], ["promote", "hello", "12"], ["publish-version", "hello", "--remove", "one"],
            ["invoke", "hello:"], ["invoke", "hello:a b"], ["invoke", "hello:live", "--qualifier", "live"],
            ["dlq", "redrive"], ["dlq", "redrive", "hello", "--all"], ["dlq", "redrive", "hello", "--rate", "0"],
            ["dlq", "redrive", "Not A Name"],
            ["dlq", "purge", "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "--since", "2h"],
            ["erase"], ["erase", "--key", "a", "--id", "1b4e28ba-2fa1-41d2-883f-0016d3cca427"], ["schedule", "run"],
        ])
    func usage(arguments: [String]) async throws {
        let outcome = try await Program.glo(arguments)
        #expect(outcome.code == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("Error:"))
    }

    @Test(
        "Without a controller it is exit code 3, and the message says how to start one",
        arguments: [["ls"], ["status"], ["invoke", "hello"], ["logs", "-f"]])
    func unreachable(arguments: [String]) async throws {
        let outcome = try await Program.glo(arguments)
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("no controller runs on the state directory /nowhere/state"))
        #expect(outcome.errors.contains("glo serve --state /nowhere/state"))
    }

    @Test("A socket that nobody listens on is exit code 3 too")
    func dead() async throws {
        let directory = try TemporaryDirectory()
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(directory.path)/admin.sock".utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        close(socket)
        let outcome = try await Program.glo(["ls"], state: directory.path)
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("nobody answers at its socket"))
    }

    @Test("--version and --help work and explain the exit codes")
    func help() async throws {
        let version = try await Program.glo(["--version"])
        #expect(version.text == "0.1.0\n")
        let help = try await Program.glo(["--help"])
        #expect(help.code == 0)
        for text in [
            "EXIT CODES", "3  the controller cannot be reached", "serve", "ls", "describe", "invoke", "logs",
            "versions", "rollback", "ps", "explain", "validate", "init", "completion", "status",
            "publish", "invocations", "invocation", "cancel", "replay", "queue", "dlq", "schedule", "erase",
        ] {
            #expect(help.text.contains(text), "\(text)")
        }
    }

    @Test("The completion scripts know the commands", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) async throws {
        let outcome = try await Program.glo(["completion", shell])
        #expect(outcome.code == 0)
        #expect(outcome.text.contains("rollback"))
        guard shell == "bash" else { return }
        let check = try await Program.run("bash", ["-n"], input: outcome.output)
        #expect(check.code == 0, "\(check.errors)")
    }
}
