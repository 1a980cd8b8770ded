import AdminModel
import ArgumentParser
import TextForms

/// `glo record ID`.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Show how an invocation went, with the lines that its handler logged.")

    @OptionGroup var invocation: InvocationArgument
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.get(AdminPath.record(invocation.id), as: RecordDetail.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(Self.text(reply.document))
    }

    static func text(_ detail: RecordDetail) -> String {
        let record = detail.record
        var fields = FieldList()
        fields.add("Invocation", record.id)
        fields.add("Function", record.function + (record.version == 0 ? "" : ", version \(record.version)"))
        fields.add("Outcome", record.outcome)
        fields.add("Ended", Timestamp.rfc3339(milliseconds: record.endedAtMilliseconds))
        fields.add("Waited", "\(LogRecord.milliseconds(record.queueMilliseconds)) ms for a worker")
        fields.add(
            "Ran", "\(LogRecord.milliseconds(record.durationMilliseconds)) ms" + (record.cold ? ", cold" : ""))
        if record.attempt > 1 { fields.add("Try", String(record.attempt)) }
        fields.add("Worker", record.worker)
        fields.add("Peak memory", record.peakMemoryBytes.map(ByteCount.text))
        guard !detail.lines.isEmpty else { return fields.text + "\nNo lines of it are in memory.\n" }
        return fields.text + "\n" + detail.lines.map { $0.text(withFunction: false) + "\n" }.joined()
    }
}
