import Glibc
import FunctionModel
import InitLink
import Testing

@Suite("Commands that cannot be started, under the real init", .timeLimit(.minutes(1)))
struct StartFailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        var workingDirectory: String?
        var script: String?
        var mode: mode_t = 0o755
        let stage: StartFailure.Stage
        let error: Int32
        var testDescription: String { "\(arguments) \(stage)" }
    }

    static let cases = [
        Case(arguments: ["/nonexistent/program"], stage: .command, error: ENOENT),
        Case(arguments: ["no-such-program-anywhere"], stage: .command, error: ENOENT),
        Case(arguments: [""], stage: .command, error: ENOENT),
        Case(arguments: ["./script"], script: "#!/bin/sh\n", mode: 0o644, stage: .command, error: EACCES),
        Case(arguments: ["/tmp"], stage: .command, error: EACCES),
        Case(arguments: ["./script"], script: "#!/no/such/interpreter\n", stage: .execute, error: ENOENT),
        Case(arguments: ["./script"], script: "just text\n", stage: .execute, error: ENOEXEC),
        Case(arguments: ["./script"], script: "", stage: .execute, error: ENOEXEC),
        Case(arguments: ["true"], workingDirectory: "/nonexistent", stage: .directory, error: ENOENT),
        Case(arguments: ["true"], workingDirectory: "/etc/passwd", stage: .directory, error: ENOTDIR),
    ]

    @Test("A command that cannot be started says at which stage and why", arguments: cases)
    func resident(_ example: Case) throws {
        let init_ = try InitUnderTest()
        init_.connection.start(try command(example, .lambda, init_))
        let failure = try init_.log.failure(of: 1)
        #expect(failure.stage == example.stage)
        #expect(failure.systemError == example.error)
        #expect(!failure.message.isEmpty)
        if example.stage == .directory {
            #expect(failure.message.contains(example.workingDirectory ?? ""))
        } else {
            #expect(failure.message.contains(example.arguments[0]))
        }
        // Init goes on.
        init_.connection.start(init_.shell(2, .lambda, "exit 3"))
        #expect(try init_.log.exit(of: 2).end == .exited(code: 3))
    }

    @Test("For exec a missing command fails the start, an unusable one each run", arguments: cases)
    func exec(_ example: Case) throws {
        let init_ = try InitUnderTest()
        init_.connection.start(try command(example, .exec, init_))
        guard example.stage == .execute else {
            #expect(try init_.log.failure(of: 1).stage == example.stage)
            return
        }
        let slot = SlotClient(try #require(try init_.log.descriptors(of: 1).first))
        for run in UInt32(1)...3 {
            let failure = try #require(try slot.run(run, input: [1, 2, 3]).failure)
            #expect(failure.stage == .execute)
            #expect(failure.systemError == example.error)
            #expect(failure.message.contains("./script"))
        }
    }

    @Test("More workers than an init takes are refused, the others go on")
    func limits() throws {
        let init_ = try InitUnderTest()
        for id in UInt32(1)...65 { init_.connection.start(init_.shell(id, .lambda, "exec sleep 60")) }
        #expect(try init_.log.failure(of: 65).stage == .request)
        _ = try init_.log.startedProcess(of: 64)
    }

    private func command(_ example: Case, _ contract: Contract, _ init_: InitUnderTest) throws -> StartCommand {
        if let script = example.script { try init_.write(script, to: "script", mode: example.mode) }
        var command = init_.shell(1, contract, "")
        command.arguments = example.arguments
        command.workingDirectory = example.workingDirectory ?? init_.directory
        return command
    }
}
