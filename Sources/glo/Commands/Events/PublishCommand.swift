import AdminModel
import ArgumentParser
import TextForms

/// `glo publish TOPIC`.
struct PublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Store an event for every function that is subscribed to a topic.",
        discussion: "It returns when the event is safely stored. `glo invocation ID` shows what became of it.")

    @Argument(help: "The topic's name.")
    var topic: String

    @OptionGroup var body: EventBody
    @OptionGroup var event: EventOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let path = AdminPath.publish(PercentEncoding.encode(topic)) + QueryText.of(event.query)
        let reply = try connection.client.post(
            path, body: body.bytes(), timeoutMilliseconds: 30_000, as: PublishReceipt.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(Self.text(reply.document))
    }

    static func text(_ receipt: PublishReceipt) -> String {
        guard !receipt.isRepeated else {
            return "Event \(receipt.event) was accepted before under this key; nothing new is stored.\n"
        }
        let count = receipt.invocations.count
        var table = TextTable("FUNCTION", "INVOCATION")
        for invocation in receipt.invocations { table.add(invocation.function, invocation.id) }
        return "Event \(receipt.event) goes to \(count) function\(count == 1 ? "" : "s").\n\n" + table.text
    }
}
