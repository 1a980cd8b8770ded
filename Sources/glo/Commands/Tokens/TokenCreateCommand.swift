import AccessControl
import AdminModel
import ArgumentParser
import Controller
import LinuxSystem

/// `glo token create`.
struct TokenCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token, or an access key for AWS's clients, and print it.",
        discussion: """
            It is printed once, as the last word. Of a token only its hash is kept, in tokens.json in the state \
            directory. The secret of an access key is kept in access-keys.json, which only its owner may read: to verify \
            a signature one needs the secret itself. A running controller takes both at once.

            SCOPES
              read    look at everything but what events carry
              invoke  invoke functions, publish events, and read what came of them
              deploy  change functions, versions and aliases; includes read
              admin   everything
            """)

    @Flag(help: "Make an access key, as AWS's command line and libraries use it.")
    var aws = false

    @Option(help: ArgumentHelp("What a token allows; may be given several times.", valueName: "scope"))
    var scope: [AccessScope] = []

    @Option(help: ArgumentHelp("How long a token is valid, such as 90d (default: for ever).", valueName: "time"))
    var expires: String?

    @Option(help: ArgumentHelp("What it is for.", valueName: "name"))
    var name: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        guard aws == scope.isEmpty else {
            throw ValidationError("say what to make: --scope read|invoke|deploy|admin, or --aws")
        }
        guard !aws || expires == nil else { throw ValidationError("--expires is for tokens, not for access keys") }
        if let expires { _ = try DurationText.milliseconds(expires) }
        guard (name ?? "").utf8.count <= 128 else { throw ValidationError("a name has at most 128 bytes") }
    }

    func run() throws {
        if !aws { return try makeToken() }
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

    private func makeToken() throws {
        let lifetime = try expires.map { Int64(try DurationText.milliseconds($0)) }
        let made = AccessToken.make(
            name: name, scopes: scope, nowMilliseconds: SystemClock.unixMilliseconds(), lifetimeMilliseconds: lifetime)
        let state = try StateOptions.parse(connection.state.map { ["--state", $0] } ?? [])
        try state.audited("token.create", made.record.id) { () throws(AccessError) in
            try AccessTokenFile(stateDirectory: state.directory).add(made.record)
        }
        switch options.output {
        case .json:
            try Console.output(JSONOutput.line(["id": made.record.id, "token": made.token]))
        case .text:
            let scopes = scope.map(\.rawValue).joined(separator: ", ")
            Console.error("Token \(made.record.id) for \(scopes); it is shown this once:")
            Console.output("\(made.token)\n")
        }
    }
}
