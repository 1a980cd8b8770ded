import DequeModule
import FunctionModel

/// Decides which connection of an `http` worker carries which invocation, and when init is asked for another.
///
/// Never more connections than `concurrency`, open and asked for together; one invocation at a time on each.
struct HTTPWorkerStateMachine<Payload> {
    typealias ConnectionID = Int

    private struct Connection {
        let id: ConnectionID
        /// The invocation that it carries.
        var running: InvocationID?
        /// Whether it has carried one before.
        var isUsed = false
    }

    private let concurrency: Int
    private var connections: [Connection] = []
    /// Connections that init has been asked for.
    private var requested = 0
    private var waiting: Deque<(id: InvocationID, payload: Payload)> = []

    init(concurrency: Int) {
        precondition(concurrency >= 1, "a worker runs at least one invocation at once")
        self.concurrency = concurrency
    }

    var connectionCount: Int { connections.count }
    var requestedCount: Int { requested }
    var waitingCount: Int { waiting.count }
    var runningCount: Int { connections.count { $0.running != nil } }

    /// What is to be done after a change.
    struct Action {
        /// Send this invocation on this connection.
        var send: (payload: Payload, connection: ConnectionID, isReused: Bool)?
        /// Ask init for one more connection.
        var connect = false
    }

    /// The caller has an invocation; it has checked that a slot is free.
    mutating func invoke(_ id: InvocationID, _ payload: Payload) -> Action {
        precondition(runningCount + waiting.count < concurrency, "a worker is invoked only when a slot is free")
        waiting.append((id, payload))
        return advance()
    }

    /// A connection has been opened. Nil: there are enough, close it.
    mutating func connected(_ id: ConnectionID) -> Action? {
        requested = max(0, requested - 1)
        guard connections.count < concurrency else { return nil }
        connections.append(Connection(id: id))
        return advance()
    }

    /// Init could not connect. Gives the invocations that nothing can carry.
    mutating func connectFailed() -> [InvocationID] {
        requested = max(0, requested - 1)
        guard connections.isEmpty, requested == 0 else { return [] }
        let lost = waiting.map(\.id)
        waiting.removeAll()
        return lost
    }

    /// The response on this connection is complete and the server keeps the connection open.
    mutating func responded(on id: ConnectionID) -> Action {
        guard let index = index(of: id) else { return Action() }
        connections[index].running = nil
        connections[index].isUsed = true
        return advance()
    }

    /// The connection is gone, or is being closed and carries nothing any more.
    ///
    /// One that was in use is replaced at once, so that the next invocation need not wait for a new one; one that
    /// ended before its first use is not, or a server that hangs up on everybody would keep init busy for ever.
    mutating func closed(_ id: ConnectionID) -> Action {
        guard let index = index(of: id) else { return Action() }
        let closed = connections.remove(at: index)
        var action = advance()
        if !action.connect, closed.isUsed || closed.running != nil, connections.isEmpty, requested == 0 {
            action.connect = true
            requested += 1
        }
        return action
    }

    /// The connection turned out to be closed already: its invocation goes first on the next one.
    mutating func retry(_ id: InvocationID, _ payload: Payload, insteadOf connection: ConnectionID) -> Action {
        if let index = index(of: connection) { connections.remove(at: index) }
        waiting.prepend((id, payload))
        return advance()
    }

    enum Cancel: Equatable {
        case nothing
        /// It waited for a connection: its slot is free.
        case finished
        /// Close this connection; its slot is free then.
        case close(ConnectionID)
    }

    mutating func cancel(_ id: InvocationID) -> Cancel {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index)
            return .finished
        }
        return connections.first { $0.running == id }.map { .close($0.id) } ?? .nothing
    }

    /// The invocation that a connection carries.
    func running(on id: ConnectionID) -> InvocationID? { index(of: id).flatMap { connections[$0].running } }

    func connection(of id: InvocationID) -> ConnectionID? { connections.first { $0.running == id }?.id }

    /// Sends what waits, or asks for a connection to send it on.
    private mutating func advance() -> Action {
        var action = Action()
        guard !waiting.isEmpty else { return action }
        if let index = connections.lastIndex(where: { $0.running == nil }) {
            let next = waiting.removeFirst()
            connections[index].running = next.id
            action.send = (next.payload, connections[index].id, connections[index].isUsed)
            return action
        }
        if waiting.count > requested, connections.count + requested < concurrency {
            requested += 1
            action.connect = true
        }
        return action
    }

    private func index(of id: ConnectionID) -> Int? { connections.firstIndex { $0.id == id } }
}
