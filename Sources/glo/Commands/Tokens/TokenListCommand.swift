import AccessControl
import ArgumentParser
import Controller
import TextForms

/// `glo token ls`.
struct TokenListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List tokens and access keys, without their secrets.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    /// What is shown of one.
    private struct Entry: Encodable {
        var id: String
        var kind: String
        var name: String?
        var createdAtMilliseconds: Int64
        var scopes: [AccessScope]?
        var expiresAtMilliseconds: Int64?
    }

    func run() throws {
        let keys: [AccessKey]
        do throws(AdminServerError) {
            keys = try AccessKeyFile(stateDirectory: StateDirectory.resolve(flag: connection.state).path).keys()
        } catch {
            throw CommandFailure(.failed, error.sentence, hint: error.hint)
        }
        let state = try StateOptions.parse(connection.state.map { ["--state", $0] } ?? [])
        let tokens = try state.reported { () throws(AccessError) in
            try AccessTokenFile(stateDirectory: state.directory).tokens()
        }
        let entries =
            keys.map {
                Entry(id: $0.id, kind: "aws", name: $0.name, createdAtMilliseconds: $0.createdAtMilliseconds)
            }
            + tokens.map {
                Entry(
                    id: $0.id, kind: "token", name: $0.name, createdAtMilliseconds: $0.createdAtMilliseconds,
                    scopes: $0.scopes, expiresAtMilliseconds: $0.expiresAtMilliseconds)
            }
        if options.output == .json { return Console.output(try JSONOutput.line(entries)) }
        var table = TextTable("ID", "KIND", "CREATED (UTC)", "EXPIRES (UTC)", "SCOPES", "NAME")
        for entry in entries {
            table.add(
                entry.id, entry.kind, Timestamp.table(milliseconds: entry.createdAtMilliseconds),
                entry.expiresAtMilliseconds.map { Timestamp.table(milliseconds: $0) },
                entry.scopes?.map(\.rawValue).joined(separator: ","), entry.name)
        }
        Console.output(table.text)
    }
}
