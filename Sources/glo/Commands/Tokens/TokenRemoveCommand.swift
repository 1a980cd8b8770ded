import AccessControl
import ArgumentParser
import Controller

/// `glo token rm ID`.
struct TokenRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove a token or an access key; a running controller refuses it at once.")

    @Argument(help: ArgumentHelp("As `glo token ls` shows it.", valueName: "id"))
    var id: String

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let wasThere: Bool
        do throws(AdminServerError) {
            let file = AccessKeyFile(stateDirectory: StateDirectory.resolve(flag: connection.state).path)
            wasThere = try file.remove(id: id)
        } catch {
            throw CommandFailure(.failed, error.sentence, hint: error.hint)
        }
        let state = try StateOptions.parse(connection.state.map { ["--state", $0] } ?? [])
        if wasThere { return try state.audited("key.remove", id) { () throws(AccessError) in } }
        _ = try state.audited("token.remove", id) { () throws(AccessError) in
            try AccessTokenFile(stateDirectory: state.directory).remove(id)
        }
    }
}
