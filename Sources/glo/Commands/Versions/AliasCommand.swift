import AdminModel
import ArgumentParser
import FunctionModel
import TextForms

/// `glo alias NAME`.
struct AliasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias", abstract: "List, set or remove the aliases of a function.",
        discussion: """
            NAME=VERSION lets an alias name a version, NAME=3:90,4:10 gives 90 % of its invocations to version 3 and \
            10 % to version 4. The versions are those that `glo versions` shows. It holds from the next invocation on.
            """)

    @OptionGroup var name: NameArgument

    @Argument(help: "The alias and its versions, such as live=3 or live=3:90,4:10.")
    var setting: AliasSetting?

    @Option(help: "The header field whose equal values get the same version; \"\" for none (default: as it is).")
    var sticky: String?

    @Option(help: "A text for people (default: as it is).")
    var description: String?

    @Option(help: ArgumentHelp("Remove this alias.", valueName: "alias"))
    var remove: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        if remove != nil, setting != nil { throw ValidationError("--remove does not go with an alias to set.") }
        if setting == nil, sticky != nil || description != nil {
            throw ValidationError("--sticky and --description need an alias to set, such as live=3.")
        }
        if let remove, !VersionAlias.isName(remove) {
            throw ValidationError("'\(remove)' is no name of an alias: \(VersionAlias.rule).")
        }
    }

    func run() throws {
        if let setting { return try set(setting) }
        let client = connection.client
        let reply =
            if let remove {
                try client.delete(AdminPath.alias(name.name, PercentEncoding.encode(remove)), as: [AliasInfo].self)
            } else {
                try client.get(AdminPath.aliases(name.name), as: [AliasInfo].self)
            }
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(AliasText.list(reply.document, of: name.name))
    }

    private func set(_ setting: AliasSetting) throws {
        let client = connection.client
        let known = try client.get(AdminPath.aliases(name.name), as: [AliasInfo].self).document
            .first { $0.name == setting.name }
        var request = AliasRequest(name: setting.name, shares: setting.shares)
        request.stickyHeader = Self.text(sticky, else: known?.stickyHeader)
        request.description = Self.text(description, else: known?.description)
        let reply = try client.post(AdminPath.aliases(name.name), request, as: AliasInfo.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(AliasText.changed(reply.document, of: name.name))
    }

    /// What an option says: as before when it is not given, nothing when it is empty.
    private static func text(_ option: String?, else known: String?) -> String? {
        guard let option else { return known }
        return option.isEmpty ? nil : option
    }
}
