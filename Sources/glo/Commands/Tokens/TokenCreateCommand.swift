import AdminModel
import ArgumentParser
import Controller
import Observability

/// `glo token create --aws`.
struct TokenCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an access key for AWS's clients and print it.",
        discussion: """
            The secret is printed once. It is kept in access-keys.json in the state directory, which only its owner may \
            read: to verify a signature one needs the secret itself. A running controller takes the key at once.
            """)

    @Flag(help: "Make an access key, as AWS's command line and libraries use it.")
    var aws = false

    @Option(help: ArgumentHelp("What the key is for.", valueName: "name"))
    var name: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        guard aws else { throw ValidationError("say what to make: --aws") }
        guard (name ?? "").utf8.count <= 128 else { throw ValidationError("a name has at most 128 bytes") }
    }

    func run() throws {
        let state = StateDirectory.resolve(flag: connection.state).path
        let key: AccessKey
        do throws(AdminServerError) {
            key = try AccessKey.random(name: name, atMilliseconds: SystemClock.unixMilliseconds())
            try AccessKeyFile(stateDirectory: state).add(key)
        } catch {
            throw CommandFailure(.failed, error.sentence, hint: "is --state the controller's state directory?")
        }
        if options.output == .json { return Console.output(try JSONOutput.line(key)) }
        // Fit for a shell to read.
        Console.output("AWS_ACCESS_KEY_ID=\(key.id)\nAWS_SECRET_ACCESS_KEY=\(key.secret)\n")
    }
}
