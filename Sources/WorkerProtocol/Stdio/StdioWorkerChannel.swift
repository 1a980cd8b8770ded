import CEventLoop
import FunctionModel
import NIOCore
import NIOPosix

/// A worker of the `stdio` contract: one JSON event a line on standard input, one line of standard output each.
final class StdioWorkerChannel: WorkerChannel {
    private var machine = StdioStateMachine()
    private var writer: StdioEventWriter
    private var lines: LineSplitter
    private var handler: StdioWorkerHandler?

    /// - Parameter descriptors: the end that writes standard input, the end that reads standard output.
    init(
        id: UInt32, context: WorkerContext, descriptors: [Int32], on eventLoop: any EventLoop,
        delegate: any WorkerChannelDelegate
    ) {
        writer = StdioEventWriter(context: context)
        lines = LineSplitter(limit: context.responseLimitBytes)
        super.init(id: id, context: context, eventLoop: eventLoop, delegate: delegate)
        guard descriptors.count == 2 else {
            for descriptor in descriptors { Descriptor.close(descriptor) }
            brokeLater(InvocationFailure(.internalError, "A stdio worker has two pipe ends."))
            return
        }
        open(input: descriptors[1], output: descriptors[0])
    }

    private func open(input: Int32, output: Int32) {
        let handler = StdioWorkerHandler(worker: self)
        self.handler = handler
        let bound = NIOLoopBound(handler, eventLoop: eventLoop)
        ceventloop_guard(input)
        NIOPipeBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .takingOwnershipOfDescriptors(input: input, output: output)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success: self.readyLater()
                case .failure(let error):
                    self.brokeLater(
                        InvocationFailure(.internalError, "The worker's pipes cannot be used: \(error)."))
                }
            }
    }

    // MARK: For the caller

    override func invoke(_ invocation: Invocation) {
        machine.invoke(invocation.id)
        handler?.write(writer.write(invocation))
    }

    override func cancel(_ id: InvocationID) { machine.cancel(id) }

    override func closeDescriptors() {
        handler?.close()
        handler = nil
    }

    // MARK: For the handler

    func read(_ bytes: ByteBuffer) {
        guard !isClosed else { return }
        lines.append(bytes)
        // Output while nothing runs needs no line end to be a breach.
        guard machine.isRunning else { return violated() }
        switch lines.next() {
        case .incomplete: break
        case .tooLong:
            broke(
                InvocationFailure(
                    .responseTooLarge, "The handler wrote a line of more than \(context.responseLimitBytes) bytes."))
        case .line(let line): take(line)
        }
    }

    func ended() {
        broke(InvocationFailure(.handlerExited, "The handler closed its standard output."))
    }

    private func take(_ line: ByteBuffer) {
        // What stands behind the line was written before the next event went in, so it answers nothing.
        let hasMore = lines.bufferedBytes > 0
        switch machine.line() {
        case .violation: return violated()
        case .result(let id):
            reply(.result(line), to: id)
            if hasMore { return violated() }
            finished(id)
        case .late(let id):
            event(.lateAnswer(id))
            if hasMore { return violated() }
            finished(id)
        }
    }

    private func violated() {
        event(.unexpectedOutput(lines.sample))
        broke(
            InvocationFailure(
                .invalidResponse,
                "The handler wrote to standard output while no event was being handled: one line for one event; "
                    + "anything else belongs on standard error."))
    }
}
