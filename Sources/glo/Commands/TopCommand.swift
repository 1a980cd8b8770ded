import AdminModel
import ArgumentParser
import Glibc

/// `glo top`.
struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Watch rates, latencies, workers and queues, renewed each second; q quits.",
        discussion: "Where standard output is no terminal it prints once. With -o json it prints a document a second.")

    @Flag(help: "Print once and end.")
    var once = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        if options.output == .json { return try runJSON() }
        guard !once, Console.outputIsTerminal else {
            let reply = try statistics()
            return Console.output(TopText.text(reply.document, cpuShare: nil, columns: 200, rows: .max))
        }
        try watch()
    }

    private func statistics() throws(CommandFailure) -> AdminClient.Reply<LiveStatistics> {
        try connection.client.get(AdminPath.statistics, as: LiveStatistics.self)
    }

    private func runJSON() throws {
        while true {
            Console.output(try statistics().bytes + [UInt8(ascii: "\n")])
            if once { return }
            Console.sleep(milliseconds: 1000)
        }
    }

    private func watch() throws {
        let screen = try TerminalScreen()
        defer { screen.leave() }
        var before: LiveStatistics?
        repeat {
            let now = try statistics().document
            let size = screen.size
            screen.show(
                TopText.text(now, cpuShare: TopText.cpuShare(before, now), columns: size.columns, rows: size.rows))
            before = now
        } while !screen.isLeft(withinMilliseconds: 1000)
    }
}
