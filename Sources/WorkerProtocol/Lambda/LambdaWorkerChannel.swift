import FunctionModel
import HTTPCodec
import NIOCore
import NIOPosix

/// A worker of the `lambda` contract: the Runtime API (version 2018-06-01) on a listening socket that init opened in
/// the handler's own network namespace. Who can connect is the handler.
final class LambdaWorkerChannel: WorkerChannel {
    private typealias Machine = RuntimeAPIStateMachine<Delivery>

    /// An invocation with the id of its present delivery, which changes when it is delivered again.
    struct Delivery {
        let invocation: Invocation
        let delivery: InvocationID
    }

    /// A part of a streamed answer.
    struct Chunk {
        let head: HTTPResponseHead?
        let bytes: ByteBuffer
    }

    /// The answer to nearly every POST, ready to be written.
    let accepted = RuntimeAPIReply.accepted.rendered(closing: false)

    private var machine: Machine
    private var writer: RuntimeAPIEventWriter
    private var deliveries: DeliverySequence
    private var extensions = ExtensionRegistry()
    private var listener: (any Channel)?
    private var watch: SharedSockets.Token?
    private var connections: [Int: RuntimeAPIConnection] = [:]
    private var nextConnectionID = 1
    private var isIdentified = false
    /// The client sends each result together with the request for the next event, and waits for no 202.
    private(set) var isPipelined = false

    /// Connections that one handler may have open at once, beyond those of its polls.
    private static let extraConnections = 256

    init(
        id: UInt32, context: WorkerContext, descriptors: [Int32], on eventLoop: any EventLoop,
        delegate: any WorkerChannelDelegate
    ) {
        machine = RuntimeAPIStateMachine(concurrency: context.concurrency)
        writer = RuntimeAPIEventWriter(context: context)
        deliveries = DeliverySequence(worker: id)
        super.init(id: id, context: context, eventLoop: eventLoop, delegate: delegate)
        for surplus in descriptors.dropFirst() { Descriptor.close(surplus) }
        guard let descriptor = descriptors.first else {
            brokeLater(InvocationFailure(.internalError, "No listening socket came with the worker."))
            return
        }
        listen(on: descriptor)
    }

    private func listen(on descriptor: Int32) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let token = SharedSockets.shared.enter(descriptor)
        watch = token
        ServerBootstrap(group: eventLoop)
            .serverChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // A client that pipelines would wait 40 ms for what follows the first of two small answers.
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.accept(channel) }
            }
            .withBoundSocket(descriptor)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel): SharedSockets.shared.leave(token, with: channel)
                case .failure: SharedSockets.shared.leave(token)
                }
                self.listening(result)
            }
    }

    private func listening(_ result: Result<any Channel, any Error>) {
        switch result {
        case .success(let channel):
            guard !isClosed else { return channel.close(promise: nil) }
            listener = channel
            channel.closeFuture.assumeIsolated().whenComplete { [weak self] _ in
                self?.broke(InvocationFailure(.handlerExited, "The listening socket of the worker was closed."))
            }
        case .failure(let error):
            brokeLater(InvocationFailure(.internalError, "The worker's socket cannot be listened on: \(error)."))
        }
    }

    private func accept(_ channel: any Channel) throws {
        guard !isClosed, connections.count < context.concurrency + Self.extraConnections else {
            throw ChannelError.operationUnsupported
        }
        let connection = RuntimeAPIConnection(id: nextConnectionID, worker: self)
        nextConnectionID += 1
        connections[connection.id] = connection
        try channel.pipeline.syncOperations.addHandler(connection)
    }

    // MARK: For the caller

    override func invoke(_ invocation: Invocation) {
        let delivery = Delivery(invocation: invocation, delivery: deliveries.next(for: invocation))
        switch machine.invoke(invocation.id, delivery) {
        case .wait: break
        case .deliver(let connection): connections[connection]?.deliver(invocation)
        }
    }

    override func cancel(_ id: InvocationID) {
        switch machine.cancel(id) {
        case .nothing, .marked: break
        case .finished: finished(id)
        case .dropAnswer(let connection): connections[connection]?.dropAnswer()
        }
    }

    override func pauseReading(_ id: InvocationID) { answering(id)?.setReading(false) }

    override func resumeReading(_ id: InvocationID) { answering(id)?.setReading(true) }

    /// The Runtime API stays open, and `/next` unanswered: clients end their process at once when it is gone, in the
    /// middle of what they do about SIGTERM.
    override func handlerIsEnding() { machine.abandon() }

    override func closeDescriptors() {
        listener?.close(promise: nil)
        listener = nil
        // At once: as long as anybody holds the socket, it takes connections.
        if let watch { SharedSockets.shared.leave(watch) }
        let open = connections.values
        connections = [:]
        for connection in open { connection.close() }
    }

    private func answering(_ id: InvocationID) -> RuntimeAPIConnection? {
        connections.values.first { $0.isAnswering(id) }
    }

    // MARK: For the connections

    func poll(on connection: RuntimeAPIConnection) {
        switch machine.poll(on: connection.id) {
        case .deliver(let delivery, let ended):
            connection.deliver(delivery.invocation)
            if let ended { finished(ended) }
        case .wait(let ended, let isFirst):
            connection.park()
            if isFirst { ready() }
            if let ended { finished(ended) }
        case .tooMany: connection.send(.tooManyPollers)
        case .forbidden: connection.send(.nextAfterInitError)
        }
    }

    func render(_ invocation: Invocation, closing: Bool) -> RuntimeAPIEventWriter.Message {
        let delivery = machine.payload(of: invocation.id)?.delivery ?? invocation.id
        return writer.write(invocation, delivery: delivery, closing: closing)
    }

    func answerBegan(_ id: InvocationID, on connection: Int, delivery: InvocationID??) -> Answer {
        let isPresent =
            switch delivery {
            case .none: true
            case .some(let echoed): echoed == machine.payload(of: id)?.delivery
            }
        return machine.answerBegan(id, on: connection, isPresentDelivery: isPresent)
    }

    /// Whether the caller takes the answer as it comes, though the handler does not say that it streams.
    func wantsStream(_ id: InvocationID) -> Bool { machine.payload(of: id)?.invocation.wantsStream ?? false }

    typealias Answer = RuntimeAPIStateMachine<Delivery>.Answer

    func forward(_ chunk: Chunk, to id: InvocationID) {
        if let head = chunk.head { reply(.responseHead(head), to: id) }
        if chunk.bytes.readableBytes > 0 { reply(.responseChunk(chunk.bytes), to: id) }
    }

    func answerEnded(_ id: InvocationID, _ final: InvocationReply?) {
        let isFree = machine.answerEnded(id)
        if let final { reply(final, to: id) }
        if isFree { finished(id) }
    }

    func initErrorPosted() -> Bool { machine.initError() }

    func connectionClosed(_ id: Int) {
        machine.connectionClosed(id)
        connections[id] = nil
    }

    func connectionFailed(_ sentence: String) { event(.connectionFailed(sentence)) }

    /// Logs which runtime it is, once.
    func identify(_ fields: HTTPFields) {
        guard !isIdentified else { return }
        isIdentified = true
        isPipelined = fields.first("glo-runtime") == "pipelined"
        guard let agent = fields.first("user-agent")?.split(separator: " ").first else { return }
        event(.runtimeIdentified(String(agent.prefix(128))))
    }

    // MARK: Extensions

    func isExtension(_ identifier: String?) -> Bool { extensions.contains(identifier) }

    func register(extension name: String?) -> ExtensionRegistry.Registration {
        let registration = extensions.register(name, context: context, worker: id)
        if case .registered = registration, let name { event(.extensionRegistered(name)) }
        return registration
    }
}
