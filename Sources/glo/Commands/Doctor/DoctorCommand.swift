import AdminModel
import ArgumentParser
import HostChecks

/// `glo doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the machine, the engine, the disk and the setup; say what to mend.",
        discussion: """
            It needs no running controller, and root only to see and mend everything. The disk of the state directory is \
            measured for twice the time of --measure, and one container is started and removed. Exit code: 0 all is well, 1 there are warnings, 2 something is bad.
            """)

    @Flag(help: "Mend what can be mended: kernel settings, huge pages, modes of files.")
    var fix = false

    @Flag(help: "List every configured place that bytes can go.")
    var residency = false

    @Flag(name: .shortAndLong, help: "Show what is well too, and why each check is made.")
    var verbose = false

    @Option(
        help: ArgumentHelp(
            "How long to measure the disk, for each of two measurements; 0s does not.", valueName: "time"))
    var measure = "3s"

    @Option(
        help: ArgumentHelp(
            "The controller's configuration (default: $GLO_CONFIG, else /etc/glo/glo.yaml when it is there).",
            valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The functions directory, when no controller runs.", valueName: "dir"))
    var functions: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws { _ = try DurationText.milliseconds(measure) }

    func run() async throws {
        let facts = try await DoctorFacts.read(
            config: config, state: connection.state, functions: functions, environment: Environment.all,
            startsContainer: !residency)
        var findings = residency ? [] : Examination.findings(.system, facts)
        if !residency { findings += try disk(facts.stateDirectory) }
        if residency { findings = ResidencyCheck.findings(facts) }
        if fix { findings = Mender().mend(findings) }
        switch options.output {
        case .json: try Console.output(JSONOutput.line(findings))
        case .text:
            let text = DoctorText(isColoured: Console.outputIsTerminal, isVerbose: verbose || residency)
            // It has colours, and has escaped the rest.
            Console.output(Array(text.report(findings).utf8))
        }
        let worst = findings.filter { $0.mended?.hasPrefix("not mended") ?? true }.map(\.severity).max() ?? .ok
        if worst != .ok { throw ExitCode(worst.rank) }
    }

    private func disk(_ state: String) throws -> [Finding] {
        let milliseconds = try DurationText.milliseconds(measure)
        guard milliseconds > 0 else { return [] }
        var line = ProgressLine()
        let probe = DiskProbe(directory: Examination.existing(.system, state), milliseconds: milliseconds)
        let measurement = probe.measure { line.show("\($0)…") }
        line.clear()
        return DiskCheck.findings(measurement)
    }
}
