import BatchedWrites
package import FunctionModel
package import NIOCore

/// The controller's end of one worker: hands invocations to the handler over passed descriptors and its answers back.
///
/// Confined to its event loop: it is made there and every call happens there. Each contract has a subclass;
/// ``make(contract:id:context:descriptors:on:delegate:)`` picks it. A channel owns its descriptors and closes each once.
package class WorkerChannel {
    /// The caller's name for the worker.
    package let id: UInt32
    package let context: WorkerContext
    package let eventLoop: any EventLoop
    let flushes: FlushQueue
    /// Whether ``close()`` was called or the channel broke.
    package private(set) var isClosed = false
    /// Held strongly until the channel is closed.
    private var delegate: (any WorkerChannelDelegate)?
    private var isReady = false

    init(id: UInt32, context: WorkerContext, eventLoop: any EventLoop, delegate: any WorkerChannelDelegate) {
        eventLoop.preconditionInEventLoop()
        self.id = id
        self.context = context
        self.eventLoop = eventLoop
        flushes = FlushQueue(loop: eventLoop)
        self.delegate = delegate
    }

    /// How init will call the run of the next invocation in what it says of its output; 0 unless each is a run of its own.
    package var nextRunNumber: UInt32 { 0 }

    /// Hands over an invocation. At most `context.concurrency` may be open (between this call and `finished`), and
    /// the worker must be ready.
    package func invoke(_ invocation: Invocation) { preconditionFailure("a contract implements this") }

    /// Nobody waits for this invocation any more: no reply follows. Its slot stays taken until `finished` says that
    /// the handler has let go of it. An id that is not running is no error, since answers and cancels cross.
    package func cancel(_ id: InvocationID) { preconditionFailure("a contract implements this") }

    /// Holds back a streamed answer: what has been read already still comes. No effect on other answers.
    package func pauseReading(_ id: InvocationID) {}

    package func resumeReading(_ id: InvocationID) {}

    /// Takes one more connected descriptor of an http worker. Any other contract closes it.
    package func adopt(descriptors: [Int32]) {
        for descriptor in descriptors { Descriptor.close(descriptor) }
    }

    /// The connection that `workerNeedsConnection` asked for cannot be had.
    package func connectFailed(_ sentence: String) {}

    /// Lets go of the handler: closes all descriptors, and never calls the delegate again. Running invocations get no
    /// reply. Twice is once.
    package final func close() {
        guard !isClosed else { return }
        isClosed = true
        delegate = nil
        closeDescriptors()
    }

    /// Hands over nothing more and never calls the delegate again, since the handler is being told to end: what it does
    /// in the time that it has for that is its own. ``close()`` follows when it has ended.
    package final func release() {
        guard !isClosed else { return }
        delegate = nil
        handlerIsEnding()
    }

    // MARK: For the contracts

    /// A contract whose handler would take closed descriptors for a failure keeps them.
    func handlerIsEnding() { close() }

    /// Closes what the contract holds; called once.
    func closeDescriptors() { preconditionFailure("a contract implements this") }

    final func ready() {
        guard !isReady, let delegate else { return }
        isReady = true
        delegate.workerReady(self)
    }

    @inline(__always)
    final func reply(_ reply: InvocationReply, to id: InvocationID) {
        delegate?.worker(self, reply: reply, to: id)
    }

    @inline(__always)
    final func finished(_ id: InvocationID) { delegate?.worker(self, finished: id) }

    final func initFailed(_ failure: InvocationFailure) { delegate?.worker(self, initFailed: failure) }

    final func needsConnection() { delegate?.workerNeedsConnection(self) }

    final func event(_ event: WorkerEvent) { delegate?.worker(self, event: event) }

    /// Closes everything and reports; the delegate hears nothing after it.
    final func broke(_ failure: InvocationFailure) {
        guard let delegate else { return }
        close()
        delegate.worker(self, broke: failure)
    }

    /// The same, but not within the construction that found the reason.
    final func brokeLater(_ failure: InvocationFailure) {
        eventLoop.assumeIsolated().execute { self.broke(failure) }
    }

    /// Tells the delegate after the construction.
    final func readyLater() {
        eventLoop.assumeIsolated().execute { self.ready() }
    }
}
