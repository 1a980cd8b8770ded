import AdminModel
import ArgumentParser

/// `glo invoke NAME`.
struct InvokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke", abstract: "Run a function once and print its result.",
        discussion: """
            The result's bytes go to standard output, untouched. When the function fails, its error goes to standard \
            error and the exit code is 1. With --async the event is stored, and its invocation's id is printed \
            instead; with --wait too, the result follows as soon as there is one.
            """)

    @OptionGroup var name: QualifiedName
    @OptionGroup var body: EventBody

    @Flag(help: "Print what the function logs meanwhile to standard error.")
    var logTail = false

    @Flag(name: .customLong("async"), help: "Store the event and do not wait; it is tried again when it fails.")
    var isAsync = false

    @OptionGroup var waiting: WaitOption
    @OptionGroup(title: "Options with --async") var event: EventOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        if isAsync {
            guard !logTail else { throw ValidationError("--log-tail does not go with --async; see `glo logs`.") }
        } else if waiting.wait != nil || !event.query.isEmpty {
            throw ValidationError("--wait and the options of a stored event need --async.")
        }
    }

    func run() throws {
        if isAsync { return try enqueue() }
        let pairs = (logTail ? [(name: "logTail", value: "true")] : []) + qualifier
        let reply = try connection.client.post(
            AdminPath.invoke(name.function) + QueryText.of(pairs), body: body.bytes(), timeoutMilliseconds: nil,
            as: InvokeResult.self)
        switch options.output {
        case .json: Console.output(reply.bytes + [UInt8(ascii: "\n")])
        case .text: try show(reply.document)
        }
        if !reply.document.isSuccess { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private var qualifier: [(name: String, value: String)] { name.wanted.map { [("qualifier", $0)] } ?? [] }

    private func show(_ result: InvokeResult) throws(CommandFailure) {
        for record in result.logTail ?? [] { Console.error(record.text(withFunction: false)) }
        guard let payload = result.payloadBytes else { throw ResultOutput.unreadable }
        if result.isSuccess { return ResultOutput.success(payload) }
        ResultOutput.failure(id: result.id, code: result.outcome, detail: result.detail, body: payload)
    }

    // MARK: Stored events

    private func enqueue() throws {
        let reply = try connection.client.post(
            AdminPath.enqueue(name.function) + QueryText.of(event.query + qualifier), body: body.bytes(),
            timeoutMilliseconds: 30_000, as: EnqueueReceipt.self)
        let receipt = reply.document
        if receipt.isRepeated {
            Console.error("glo: it was accepted before under this key; nothing new is stored")
        }
        guard let time = waiting.wait else {
            return Console.output(
                options.output == .json ? reply.bytes + [UInt8(ascii: "\n")] : Array("\(receipt.id)\n".utf8))
        }
        let info = try EventWait(client: connection.client).info(receipt.id, waiting: time, withPayload: false)
        switch options.output {
        case .json: Console.output(info.bytes + [UInt8(ascii: "\n")])
        case .text: try show(info.document)
        }
        try EventWait.check(info.document, waited: time)
    }

    private func show(_ info: EventInfo) throws(CommandFailure) {
        let event = info.summary
        guard let body = (info.result ?? EventResult()).bodyBytes else { throw ResultOutput.unreadable }
        switch event.state {
        case .succeeded: ResultOutput.success(body)
        case .dead:
            ResultOutput.failure(
                id: event.id, code: event.error?.code ?? event.state.rawValue, detail: event.error?.detail, body: body)
        case .cancelled, .queued, .delayed, .running: Console.output("\(event.id)\n")
        }
    }
}
