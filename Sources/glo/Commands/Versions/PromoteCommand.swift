import AdminModel
import ArgumentParser
import FunctionModel

/// `glo promote NAME ALIAS [VERSION]`.
struct PromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Let an alias's candidate take all of its invocations.",
        discussion: "The candidate is the version beside the main one. `glo alias NAME ALIAS=VERSION` goes back.")

    @OptionGroup var name: NameArgument

    @Argument(help: "The alias.")
    var alias: String

    @Argument(help: "The version's number (default: the alias's candidate).")
    var version: Int?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        guard VersionAlias.isName(alias) else {
            throw ValidationError("'\(alias)' is no name of an alias: \(VersionAlias.rule).")
        }
    }

    func run() throws {
        let client = connection.client
        let aliases = try client.get(AdminPath.aliases(name.name), as: [AliasInfo].self).document
        guard let known = aliases.first(where: { $0.name == alias }) else {
            throw CommandFailure(
                .notFound, "\(name.name) has no alias '\(alias)' (alias_not_found)",
                hint: "See `glo alias \(name.name)`.")
        }
        let share = AliasInfo.Share(version: try version ?? candidate(of: known), weight: 1)
        let request = AliasRequest(
            name: alias, shares: [share], stickyHeader: known.stickyHeader, description: known.description)
        let reply = try client.post(AdminPath.aliases(name.name), request, as: AliasInfo.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(AliasText.changed(reply.document, of: name.name))
    }

    private func candidate(of alias: AliasInfo) throws(CommandFailure) -> Int {
        let candidates = alias.shares.dropFirst()
        guard let only = candidates.first, candidates.count == 1 else {
            throw CommandFailure(
                .failed,
                "\(name.name):\(alias.name) has \(candidates.isEmpty ? "no candidate" : "several candidates"): "
                    + "it is version \(AliasText.shares(alias))",
                hint: "Name the version: glo promote \(name.name) \(alias.name) VERSION")
        }
        return only.version
    }
}
