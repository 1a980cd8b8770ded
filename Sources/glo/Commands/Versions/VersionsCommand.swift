import AdminModel
import ArgumentParser
import TextForms

/// `glo versions NAME`.
struct VersionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "List the stored versions of a function; * marks the one that serves.")

    @OptionGroup var name: NameArgument
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.get(AdminPath.versions(name.name), as: [VersionInfo].self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(Self.text(reply.document))
    }

    static func text(_ versions: [VersionInfo]) -> String {
        guard !versions.isEmpty else { return "No version is stored yet.\n" }
        var table = TextTable(
            "VERSION", "DEPLOYED (UTC)", "CONTRACT", "PUBLISHED", "ALIASES", "WORKERS", "INVOCATIONS", "FAILED", "COLD",
            "HASH", "PROBLEM")
        for version in versions {
            table.add(
                "\(version.number)\(version.isCurrent ? " *" : "")",
                Timestamp.table(milliseconds: version.createdAtMilliseconds), version.contract,
                version.published.map(String.init), version.aliases.map(alias).joined(separator: ", "),
                String(version.workers), String(version.counters.invocations), String(version.counters.failures),
                String(version.counters.coldStarts), String(version.contentHash.prefix(12)), version.problem)
        }
        return table.text
    }

    private static func alias(_ share: VersionAliasShare) -> String {
        share.weight < 1 ? "\(share.name) \(AliasText.percent(share.weight)) %" : share.name
    }
}
