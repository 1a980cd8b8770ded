import AdminModel
import ArgumentParser

/// `glo`: the daemon (`serve`) and everything that talks to it.
struct GloCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "glo",
        abstract: "Functions on one server: drop in an executable, call it over HTTP.",
        discussion: """
            Commands find their controller by its state directory: --state, else GLO_STATE, else ./.glo \
            (for root: /var/lib/glo). Results go to standard output, everything else to standard error.

            \(ExitStatus.explanation)
            """,
        version: GloVersion.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Run",
                subcommands: [
                    ServeCommand.self, StatusCommand.self, TopCommand.self, DoctorCommand.self, NginxCommand.self,
                    TokenCommand.self,
                ]),
            CommandGroup(
                name: "Functions",
                subcommands: [
                    ListCommand.self, DescribeCommand.self, InvokeCommand.self, LogsCommand.self, WorkersCommand.self,
                    ExplainCommand.self, RecordsCommand.self, RecordCommand.self,
                ]),
            CommandGroup(
                name: "Versions",
                subcommands: [
                    VersionsCommand.self, RollbackCommand.self, AliasCommand.self, PromoteCommand.self,
                    PublishVersionCommand.self,
                ]),
            CommandGroup(
                name: "Events",
                subcommands: [
                    PublishCommand.self, InvocationsCommand.self, InvocationCommand.self, CancelCommand.self,
                    ReplayCommand.self, QueueCommand.self, DeadLettersCommand.self, ScheduleCommand.self,
                    EraseCommand.self, RepairCommand.self,
                ]),
            CommandGroup(
                name: "Security", subcommands: [SecretCommand.self, AuditCommand.self]),
            CommandGroup(
                name: "Write",
                subcommands: [InitCommand.self, ValidateCommand.self, ImportCommand.self, CompletionCommand.self]),
        ])
}
