/// What `glo --experimental-dump-help` says of one command.
struct CommandInfo: Decodable {
    struct Dump: Decodable {
        var command: CommandInfo
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        var kind: String
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var defaultValue: String?
        var isOptional: Bool
        var shouldDisplay: Bool
        var isRepeating: Bool
        var allValues: [String]?
        var allValueStrings: [String]?
    }

    var commandName: String
    var abstract: String?
    var discussion: String?
    var aliases: [String]?
    var arguments: [Argument]?
    var subcommands: [CommandInfo]?

    /// Without the `help` that every command has.
    var children: [CommandInfo] { (subcommands ?? []).filter { $0.commandName != "help" } }
}
