import FunctionModel
import NIOCore
import NIOPosix

/// A worker of the `exec` contract: init runs the command once for each event, as many at once as there are slots.
final class ExecWorkerChannel: WorkerChannel {
    private var writer: ExecRunWriter
    private var slots: [ExecSlotHandler] = []
    private var openSlots = 0
    /// Runs are numbered from 1; the number names the run in init's log lines.
    private var lastRun: UInt32 = 0

    init(
        id: UInt32, context: WorkerContext, descriptors: [Int32], on eventLoop: any EventLoop,
        delegate: any WorkerChannelDelegate
    ) {
        writer = ExecRunWriter(context: context)
        super.init(id: id, context: context, eventLoop: eventLoop, delegate: delegate)
        guard descriptors.count == context.concurrency else {
            for descriptor in descriptors { Descriptor.close(descriptor) }
            brokeLater(
                InvocationFailure(.internalError, "An exec worker has one descriptor for each concurrent run."))
            return
        }
        for descriptor in descriptors { open(descriptor) }
    }

    private func open(_ descriptor: Int32) {
        let slot = ExecSlotHandler(worker: self)
        slots.append(slot)
        let bound = NIOLoopBound(slot, eventLoop: eventLoop)
        let token = SharedSockets.shared.enter(descriptor)
        ClientBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .withConnectedSocket(descriptor)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    SharedSockets.shared.leave(token, with: channel)
                    self.slotOpened()
                case .failure(let error):
                    SharedSockets.shared.leave(token)
                    self.brokeLater(
                        InvocationFailure(.internalError, "A slot of the worker cannot be used: \(error)."))
                }
            }
    }

    private func slotOpened() {
        openSlots += 1
        if openSlots == context.concurrency { readyLater() }
    }

    // MARK: For the caller

    override var nextRunNumber: UInt32 { lastRun == .max ? 1 : lastRun + 1 }

    override func invoke(_ invocation: Invocation) {
        // A slot may have been closed since the caller looked; whoever is told that gives up its invocations.
        guard !isClosed else { return }
        guard let slot = slots.first(where: { $0.isFree }) else {
            preconditionFailure("a worker is invoked only when a slot is free")
        }
        lastRun = nextRunNumber
        switch writer.run(invocation, run: lastRun) {
        case .success(let message): slot.start(invocation.id, number: lastRun, message)
        case .failure(let failure):
            reply(.failure(failure), to: invocation.id)
            finished(invocation.id)
        }
    }

    /// Ends the run; its slot is free when init has reported the end.
    override func cancel(_ id: InvocationID) { slots.first { $0.invocation == id }?.cancel() }

    override func closeDescriptors() {
        let open = slots
        slots = []
        for slot in open { slot.close() }
    }

    // MARK: For the slots

    func ended(_ id: InvocationID, _ exit: ExecExit, _ final: InvocationReply?) {
        event(
            .runEnded(
                id, peakMemoryBytes: exit.peakMemoryBytes, userMicroseconds: exit.userMicroseconds,
                systemMicroseconds: exit.systemMicroseconds))
        if let final { reply(final, to: id) }
        finished(id)
    }

    func slotClosed() {
        broke(InvocationFailure(.handlerExited, "Init closed a slot of the worker."))
    }

    func violated(_ sentence: String) { broke(InvocationFailure(.internalError, sentence)) }
}
