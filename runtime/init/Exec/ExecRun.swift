import CLibrary
import CLinux

/// One run of a command: its process, its streams, and how it ended.
final class ExecRun {
    let id: UInt32
    private let plan: ExecPlan
    private let environment: StringBlock
    /// The child's ends, held until it is started.
    private var childInput: Descriptor
    private var childOutput: Descriptor
    private var childError: Descriptor
    private let error: OutputPipe
    private var feed: InputFeed
    private var output: Descriptor
    /// Bytes of output that may still be taken; nil while the process lives.
    private var outputLeft: Int?
    /// 0 until it is started.
    private(set) var pid: pid_t = 0
    private(set) var end: clinux_end?
    private(set) var failure: StartFailure?
    private(set) var isCancelled = false
    private var killAt = Int64.max
    private var flags: Int32 = 0

    /// Opens the streams.
    init(id: UInt32, environment: StringBlock, inputLength: Int, plan: ExecPlan) throws(StartFailure) {
        var input = try Pipe()
        var output = try Pipe()
        var error = try Pipe()
        self.id = id
        self.plan = plan
        self.environment = environment
        feed = InputFeed(input.takeWriteEnd(), expecting: inputLength)
        childInput = Descriptor(owning: input.readEnd.take())
        self.output = output.takeReadEnd()
        childOutput = Descriptor(owning: output.writeEnd.take())
        self.error = OutputPipe(
            error.takeReadEnd(), stream: GLO_STREAM_STDERR, run: id, log: plan.log,
            tailLength: Int(GLO_STDERR_TAIL_MAX))
        childError = Descriptor(owning: error.writeEnd.take())
    }

    // MARK: What poll waits for

    var inputDescriptor: Int32 { feed.waitingDescriptor }
    var outputDescriptor: Int32 { output.raw }
    var errorPipe: OutputPipe { error }
    var deadline: Int64 { killAt }

    // MARK: Events

    /// Starts the process. Standard input that has come already is in the pipe by then.
    func start() {
        guard pid == 0, failure == nil else { return }
        do throws(StartFailure) {
            pid = try plan.command.spawn(
                additions: environment,
                streams: .init(input: childInput.raw, output: childOutput.raw, error: childError.raw),
                diesWithParent: plan.context.mode == GLO_MODE_PROCESS)
        } catch {
            failure = error
        }
        childInput.close()
        childOutput.close()
        childError.close()
    }

    func takeInput(_ bytes: UnsafeRawBufferPointer) {
        let problem = feed.take(bytes)
        if problem == 0 { return }
        // The handler must not take a part of its input for the whole.
        failure = StartFailure(GLO_STAGE_INPUT, problem, "cannot keep the standard input that the handler has not read")
        feed.close()
        if pid > 0 { signal(SIGKILL) }
    }

    func completeInput() { feed.complete() }

    func inputHasRoom() { feed.pump(plan.context) }

    /// SIGTERM now, SIGKILL after the grace. An earlier end that was announced stays.
    func cancel(graceMilliseconds: Int) {
        start()
        flags |= GLO_END_FLAG_CANCELLED
        killAt = min(killAt, plan.context.deadline(milliseconds: graceMilliseconds))
        isCancelled = true
        signal(SIGTERM)
    }

    func signal(_ signal: Int32) { if pid > 0, end == nil { _ = kill(-pid, signal) } }

    func tick() {
        guard plan.context.now >= killAt else { return }
        killAt = Int64.max
        if end == nil { flags |= GLO_END_FLAG_KILLED }
        signal(SIGKILL)
    }

    /// The process has ended, and its group has been killed.
    func ended(_ end: clinux_end) {
        self.end = end
        killAt = Int64.max
        // Whatever the end looks like: the victim may have been a child, and the handler told of it in its own way.
        if plan.context.memoryKills.hasStruck() { flags |= GLO_END_FLAG_OUT_OF_MEMORY }
        feed.close()
        error.drain(plan.context)
        // A stray child that escaped the group may hold the pipe: only what is there now counts.
        outputLeft = output.isOpen && !isCancelled ? Int(clinux_readable_bytes(output.raw)) : 0
        if outputLeft == 0 { output.close() }
    }

    /// The next bytes of standard output, nil when there are none now.
    func takeOutput() -> UnsafeRawBufferPointer? {
        guard output.isOpen, let bytes = plan.context.read(output.raw, limit: outputLeft ?? InitContext.scratchLength)
        else { return nil }
        if let left = outputLeft { outputLeft = left - bytes.count }
        if bytes.isEmpty || outputLeft == 0 { output.close() }
        return bytes.isEmpty || isCancelled ? nil : bytes
    }

    /// Whether everything has been taken and EXIT can be sent.
    var isOver: Bool {
        if pid > 0 { return end != nil && !output.isOpen }
        return failure != nil
    }

    var outcome: Outcome { end.map { Outcome($0, flags: flags) } ?? Outcome() }

    /// The payload of EXIT.
    func exitPayload() -> [UInt8] {
        var body = ByteWriter()
        var outcome = self.outcome
        if let failure {
            outcome.how = GLO_END_NOT_STARTED
            outcome.code = failure.systemError
            outcome.write(to: &body, stage: failure.stage)
            body.bytes.append(contentsOf: failure.message)
        } else {
            outcome.write(to: &body, stage: 0)
            body.bytes.append(contentsOf: error.tail.bytes)
        }
        return body.bytes
    }
}
