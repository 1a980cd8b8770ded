import AccessControl
import ArgumentParser

/// `glo audit verify`.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check that no record was changed or removed.",
        discussion: """
            Exit code 1 when the chain is broken. Records cut off the end leave a chain that is whole: compare the \
            number and the last hash with those that you wrote down elsewhere.
            """)

    @OptionGroup var state: StateOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let verdict = try state.reported { () throws(AccessError) in try state.audit.verify() }
        switch options.output {
        case .json: try Console.output(JSONOutput.line(verdict))
        case .text:
            Console.output(
                verdict.intact
                    ? "Intact: \(verdict.records) records, the last hash is \(verdict.lastHash).\n"
                    : "Broken at line \(verdict.line ?? 0): \(verdict.problem ?? ""). "
                        + "\(verdict.records) records before it are intact.\n")
        }
        if !verdict.intact { throw ExitCode(ExitStatus.failed.rawValue) }
    }
}
