import AdminModel
import ArgumentParser
import LinuxSystem

/// `glo ps`.
struct WorkersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ps", abstract: "List the workers and spares.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.get(AdminPath.workers, as: [WorkerInfo].self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(Self.text(reply.document, nowMilliseconds: SystemClock.unixMilliseconds()))
    }

    static func text(_ workers: [WorkerInfo], nowMilliseconds: Int64) -> String {
        guard !workers.isEmpty else { return "There are no workers. They start with the first call of a function.\n" }
        var table = TextTable(
            "WORKER", "FUNCTION", "VERSION", "STATE", "AGE", "INVOCATIONS", "IN FLIGHT", "MEMORY", "PID", "CONTAINER")
        for worker in workers {
            table.add(
                worker.id, worker.function, version(worker), worker.state,
                DurationText.age(milliseconds: nowMilliseconds - worker.startedAtMilliseconds),
                String(worker.invocations), String(worker.inFlight), worker.memoryBytes.map(ByteCount.text),
                worker.pid.map(String.init), worker.container.map { String($0.prefix(12)) })
        }
        return table.text
    }

    private static func version(_ worker: WorkerInfo) -> String? {
        worker.version.map { "\($0)" + (worker.published.map { " (as :\($0))" } ?? "") }
    }
}
