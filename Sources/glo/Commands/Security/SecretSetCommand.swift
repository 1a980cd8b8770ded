import AccessControl
import ArgumentParser
import Glibc
import LinuxSystem

/// `glo secret set NAME`.
struct SecretSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set a secret to what comes on standard input.",
        discussion: "A line feed at the end is dropped when it is typed at a terminal or --text is given.")

    @Argument(help: "The secret's name.")
    var name: String

    @Option(help: ArgumentHelp("Take the contents of a file.", valueName: "file"))
    var fromFile: String?

    @Flag(help: "The contents are a text: drop a line feed at the end.")
    var text = false

    @OptionGroup var state: StateOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        var contents = try contents()
        if text || (fromFile == nil && Console.inputIsTerminal), contents.last == UInt8(ascii: "\n") {
            contents.removeLast()
        }
        guard !contents.isEmpty else { throw CommandFailure(.usage, "the secret is empty") }
        let bytes = contents
        try state.audited("secret.set", name) { () throws(AccessError) in try state.vault.set(name, to: bytes) }
        switch options.output {
        case .json: try Console.output(JSONOutput.line(["name": name]))
        case .text: Console.output("Set the secret '\(name)': \(bytes.count) bytes, encrypted.\n")
        }
    }

    private func contents() throws(CommandFailure) -> [UInt8] {
        guard let fromFile else {
            if Console.inputIsTerminal { Console.error("Type the secret and end it with Ctrl-D:") }
            guard let bytes = Console.input(maximum: SecretVault.largest) else {
                throw CommandFailure(.failed, "standard input cannot be read")
            }
            return bytes
        }
        let descriptor = open(fromFile, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(.failed, "\(fromFile) cannot be read: \(SystemError.text(errno))")
        }
        defer { close(descriptor) }
        guard let bytes = Console.read(descriptor, maximum: SecretVault.largest) else {
            throw CommandFailure(.failed, "\(fromFile) cannot be read: \(SystemError.text(errno))")
        }
        return bytes
    }
}
