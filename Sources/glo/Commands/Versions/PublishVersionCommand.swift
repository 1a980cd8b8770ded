import AdminModel
import ArgumentParser

/// `glo publish-version NAME`.
struct PublishVersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish-version", abstract: "Give the version that serves a lasting number.",
        discussion:
            "It is kept, and NAME:NUMBER runs it, until the number is removed. An alias does the same by itself.")

    @OptionGroup var name: NameArgument

    @Option(help: "A text for people.")
    var description: String?

    @Option(help: ArgumentHelp("Take this published number away instead.", valueName: "number"))
    var remove: Int?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        if remove != nil, description != nil { throw ValidationError("--remove does not go with --description.") }
    }

    func run() throws {
        let client = connection.client
        if let remove {
            let reply = try client.delete(AdminPath.published(name.name, remove), as: [PublishedVersion].self)
            if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
            return Console.output("\(name.name):\(remove) is not there any more.\n")
        }
        let reply = try client.post(
            AdminPath.publishVersion(name.name), PublishRequest(description: description), as: PublishedVersion.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        let published = reply.document
        Console.output(
            "Version \(published.version) of \(name.name) is published as \(name.name):\(published.number).\n")
    }
}
