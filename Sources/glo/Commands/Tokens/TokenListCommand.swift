import AdminModel
import ArgumentParser
import Controller

/// `glo token ls`.
struct TokenListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the access keys, without their secrets.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    /// What is shown of a key.
    private struct Entry: Encodable {
        var id: String
        var kind: String
        var name: String?
        var createdAtMilliseconds: Int64
    }

    func run() throws {
        let keys: [AccessKey]
        do throws(AdminServerError) {
            keys = try AccessKeyFile(stateDirectory: StateDirectory.resolve(flag: connection.state).path).keys()
        } catch {
            throw CommandFailure(.failed, error.sentence, hint: error.hint)
        }
        if options.output == .json {
            let entries = keys.map {
                Entry(id: $0.id, kind: "aws", name: $0.name, createdAtMilliseconds: $0.createdAtMilliseconds)
            }
            return Console.output(try JSONOutput.line(entries))
        }
        var table = TextTable("ID", "KIND", "CREATED (UTC)", "NAME")
        for key in keys {
            table.add(key.id, "aws", Timestamp.table(milliseconds: key.createdAtMilliseconds), key.name)
        }
        Console.output(table.text)
    }
}
