import FunctionModel
import HTTPCodec
import NIOCore
import NIOPosix

/// A worker of the `http` contract: an HTTP/1.1 server in a network namespace of its own, reached through connected
/// sockets that init passes. Responses are streamed.
final class HTTPWorkerChannel: WorkerChannel {
    private var machine: HTTPWorkerStateMachine<Invocation>
    private var connections: [Int: HTTPWorkerConnection] = [:]
    /// Invocations that may be repeated: on a connection that had served before, with a method that lets them.
    private var repeatable: [InvocationID: Invocation] = [:]
    private var nextConnectionID = 1

    init(
        id: UInt32, context: WorkerContext, descriptors: [Int32], on eventLoop: any EventLoop,
        delegate: any WorkerChannelDelegate
    ) {
        machine = HTTPWorkerStateMachine(concurrency: context.concurrency)
        super.init(id: id, context: context, eventLoop: eventLoop, delegate: delegate)
        adopt(descriptors: descriptors)
        readyLater()
    }

    // MARK: For the caller

    override func invoke(_ invocation: Invocation) { perform(machine.invoke(invocation.id, invocation)) }

    override func cancel(_ id: InvocationID) {
        repeatable[id] = nil
        switch machine.cancel(id) {
        case .nothing: break
        case .finished: finished(id)
        case .close(let connection):
            // First the machine, since closing reports back at once.
            let action = machine.closed(connection)
            connections[connection]?.close()
            finished(id)
            perform(action)
        }
    }

    override func pauseReading(_ id: InvocationID) { connection(of: id)?.setReading(false) }

    override func resumeReading(_ id: InvocationID) { connection(of: id)?.setReading(true) }

    override func adopt(descriptors: [Int32]) {
        for descriptor in descriptors {
            if isClosed { Descriptor.close(descriptor) } else { open(descriptor) }
        }
    }

    override func connectFailed(_ sentence: String) {
        for id in machine.connectFailed() {
            reply(.failure(InvocationFailure(.handlerFailed, "The server takes no connection: \(sentence)")), to: id)
            finished(id)
        }
    }

    override func closeDescriptors() {
        let open = connections.values
        connections = [:]
        repeatable = [:]
        for connection in open { connection.close() }
    }

    private func connection(of id: InvocationID) -> HTTPWorkerConnection? {
        machine.connection(of: id).flatMap { connections[$0] }
    }

    // MARK: For the connections

    func opened(_ connection: HTTPWorkerConnection) {
        guard !isClosed, let action = machine.connected(connection.id) else { return connection.close() }
        perform(action)
    }

    /// A request is over. The slot is freed when nothing of it can come any more.
    func ended(_ id: InvocationID, on connection: Int, _ end: HTTPWorkerConnection.End) {
        let again = repeatable.removeValue(forKey: id)
        if case .silent = end, let again {
            return perform(machine.retry(id, again, insteadOf: connection))
        }
        let action: HTTPWorkerStateMachine<Invocation>.Action
        switch end {
        case .responded(isReusable: true):
            action = machine.responded(on: connection)
            reply(.responseEnd, to: id)
        case .responded(isReusable: false):
            action = machine.closed(connection)
            reply(.responseEnd, to: id)
        case .silent:
            action = machine.closed(connection)
            reply(
                .failure(InvocationFailure(.handlerFailed, "The server closed the connection without a response.")),
                to: id)
        case .broken(let error):
            action = machine.closed(connection)
            reply(
                .failure(
                    InvocationFailure(.invalidResponse, "The server's response is not valid: \(error.sentence)")),
                to: id)
        }
        finished(id)
        perform(action)
    }

    func closed(_ id: Int) {
        connections[id] = nil
        perform(machine.closed(id))
    }

    /// A connection ended before it could be used.
    func neverOpened(_ id: Int) {
        guard !isClosed, connections.removeValue(forKey: id) != nil else { return }
        connectFailed("it was closed at once.")
    }

    // MARK: Internals

    private func perform(_ action: HTTPWorkerStateMachine<Invocation>.Action) {
        guard !isClosed else { return }
        if let send = action.send { self.send(send.payload, on: send.connection, isReused: send.isReused) }
        if action.connect { needsConnection() }
    }

    private func send(_ invocation: Invocation, on connection: Int, isReused: Bool) {
        do throws(HTTPWriteError) {
            let message = try HTTPRequestWriter.write(invocation)
            if isReused, message.method.isIdempotent { repeatable[invocation.id] = invocation }
            connections[connection]?.send(message, of: invocation.id)
        } catch {
            let action = machine.responded(on: connection)
            reply(.failure(InvocationFailure(.badRequest, error.sentence)), to: invocation.id)
            finished(invocation.id)
            perform(action)
        }
    }

    private func open(_ descriptor: Int32) {
        let connection = HTTPWorkerConnection(id: nextConnectionID, worker: self)
        nextConnectionID += 1
        connections[connection.id] = connection
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        let token = SharedSockets.shared.enter(descriptor)
        ClientBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // A request in two parts would wait 40 ms between them. Only TCP knows the option.
                    try? channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .withConnectedSocket(descriptor)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel): SharedSockets.shared.leave(token, with: channel)
                case .failure(let error):
                    SharedSockets.shared.leave(token)
                    self.openFailed(connection.id, error)
                }
            }
    }

    private func openFailed(_ id: Int, _ error: any Error) {
        event(.connectionFailed("\(error)"))
        guard connections.removeValue(forKey: id) != nil else { return }
        connectFailed("\(error).")
    }
}
