import AdminModel
import ArgumentParser

/// `glo queue`.
struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Show how Redis is, and how many events wait and run.")

    @Flag(help: "Show it anew every second.")
    var watch = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        repeat {
            let reply = try connection.client.get(AdminPath.queue, as: QueueStatus.self)
            switch options.output {
            case .json: Console.output(reply.bytes + [UInt8(ascii: "\n")])
            case .text:
                // Home, and the rest of the screen goes: less flicker than an empty screen first.
                if watch && Console.outputIsTerminal { Console.output(Array("\u{1B}[H\u{1B}[J".utf8)) }
                let after = watch && !Console.outputIsTerminal ? "\n" : ""
                Console.output(QueueText.text(reply.document) + after)
            }
            if watch { Console.sleep(milliseconds: 1000) }
        } while watch
    }
}
