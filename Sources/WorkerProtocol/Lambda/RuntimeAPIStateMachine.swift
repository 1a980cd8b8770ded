import FunctionModel

/// Decides what the Runtime API answers: which poll gets which invocation, and which answers count.
///
/// ```
/// starting --next--> serving          starting --init/error--> initFailed
/// waiting --next--> delivered --response|error--> answering --its end--> answered --next--> (finished)
/// ```
/// An invocation is over for its caller when the answer has been read, for the worker at the following `/next`: the
/// handler may still work in between. With a concurrency of 1 this is Lambda's classic server; above it, polls wait in
/// a pool and answers are matched by id only. Names of connections are the caller's; `Payload` is what is delivered.
struct RuntimeAPIStateMachine<Payload> {
    typealias ConnectionID = Int

    private enum Life {
        case starting
        case serving
        case initFailed
    }

    private enum Stage {
        /// No poll was there to take it.
        case waiting
        case delivered(on: ConnectionID)
        case answering(delivered: ConnectionID, on: ConnectionID)
        case answered(delivered: ConnectionID)
    }

    private struct Flight {
        let id: InvocationID
        let payload: Payload
        var stage: Stage
        var isCancelled = false
    }

    private let concurrency: Int
    private var life = Life.starting
    /// At most `concurrency`, oldest first.
    private var flights: [Flight] = []
    /// Connections whose `/next` waits for an invocation; at most `concurrency`.
    private var pollers: [ConnectionID] = []

    init(concurrency: Int) {
        precondition(concurrency >= 1, "a worker runs at least one invocation at once")
        self.concurrency = concurrency
    }

    /// Invocations that are not finished.
    var openCount: Int { flights.count }
    /// Polls that wait.
    var pollerCount: Int { pollers.count }

    // MARK: /next

    enum Poll {
        /// Answer with this invocation now; before that, `finished` has ended.
        case deliver(Payload, finished: InvocationID?)
        /// Keep the request open. `isFirst`: this poll made the worker ready.
        case wait(finished: InvocationID?, isFirst: Bool)
        /// 500: as many polls wait as may.
        case tooMany
        /// 403: the handler has said that it cannot start.
        case forbidden
    }

    /// A `/next` came on this connection.
    mutating func poll(on connection: ConnectionID) -> Poll {
        let isFirst: Bool
        switch life {
        case .initFailed: return .forbidden
        case .starting:
            isFirst = true
            life = .serving
        case .serving: isFirst = false
        }
        guard pollers.count < concurrency else { return .tooMany }
        let finished = finishOne(polling: connection)
        if finished == nil, concurrency == 1, let again = redelivery(on: connection) {
            return .deliver(again, finished: nil)
        }
        for index in flights.indices {
            if case .waiting = flights[index].stage {
                flights[index].stage = .delivered(on: connection)
                return .deliver(flights[index].payload, finished: finished)
            }
        }
        pollers.append(connection)
        return .wait(finished: finished, isFirst: isFirst)
    }

    /// The answered invocation that this poll ends: the one that was delivered on the same connection, else the oldest.
    private mutating func finishOne(polling connection: ConnectionID) -> InvocationID? {
        var oldest: Int?
        for index in flights.indices {
            guard case .answered(let delivered) = flights[index].stage else { continue }
            if delivered == connection { return flights.remove(at: index).id }
            if oldest == nil { oldest = index }
        }
        return oldest.map { flights.remove(at: $0).id }
    }

    /// A second `/next` without an answer in between: the classic server gives the same event again.
    private mutating func redelivery(on connection: ConnectionID) -> Payload? {
        guard let flight = flights.first, case .delivered = flight.stage, !flight.isCancelled else { return nil }
        flights[0].stage = .delivered(on: connection)
        return flight.payload
    }

    // MARK: Invocations

    enum Invoke {
        /// Answer the poll of this connection.
        case deliver(on: ConnectionID)
        /// A poll will come.
        case wait
    }

    /// The caller has an invocation; it has checked that a slot is free.
    mutating func invoke(_ id: InvocationID, _ payload: Payload) -> Invoke {
        precondition(life == .serving, "a worker is invoked only when it is ready")
        precondition(flights.count < concurrency, "a worker is invoked only when a slot is free")
        guard let connection = pollers.popLast() else {
            flights.append(Flight(id: id, payload: payload, stage: .waiting))
            return .wait
        }
        flights.append(Flight(id: id, payload: payload, stage: .delivered(on: connection)))
        return .deliver(on: connection)
    }

    enum Cancel: Equatable {
        /// Not running here, or answered already.
        case nothing
        /// It had not been handed out: its slot is free now.
        case finished
        /// The handler has it; a later answer is dropped.
        case marked
        /// The handler is sending its answer on this connection: forward nothing more of it.
        case dropAnswer(on: ConnectionID)
    }

    /// The caller has given up on an invocation.
    mutating func cancel(_ id: InvocationID) -> Cancel {
        guard let index = index(of: id) else { return .nothing }
        switch flights[index].stage {
        case .waiting:
            flights.remove(at: index)
            return .finished
        case .delivered:
            flights[index].isCancelled = true
            return .marked
        case .answering(_, let connection):
            flights[index].isCancelled = true
            return .dropAnswer(on: connection)
        case .answered: return .nothing
        }
    }

    /// The handler is being stopped: it gets no invocation any more, and its answers to those that it has are dropped.
    mutating func abandon() {
        flights.removeAll { flight in
            if case .waiting = flight.stage { return true }
            return false
        }
        for index in flights.indices { flights[index].isCancelled = true }
    }

    // MARK: /response and /error

    enum Answer: Equatable {
        /// Forward it.
        case take
        /// Read it, say 202, and forget it: the invocation was cancelled.
        case dropLate
        /// The same, for an answer to another delivery than the present one.
        case dropForeign
        /// 400: nothing of this id is running.
        case unknown
        /// 403: it has been answered, or is being answered.
        case forbidden
    }

    /// The head of an answer came. `isPresentDelivery` is false when it echoes the id of another delivery.
    mutating func answerBegan(_ id: InvocationID, on connection: ConnectionID, isPresentDelivery: Bool) -> Answer {
        guard let index = index(of: id) else { return .unknown }
        switch flights[index].stage {
        case .waiting: return .unknown
        case .answering, .answered: return .forbidden
        case .delivered(let delivered):
            guard isPresentDelivery else { return .dropForeign }
            flights[index].stage = .answering(delivered: delivered, on: connection)
            return flights[index].isCancelled ? .dropLate : .take
        }
    }

    /// An answer that was taken or dropped as late has ended, whole or not. True when the slot is free already,
    /// since the following poll waits on another connection.
    mutating func answerEnded(_ id: InvocationID) -> Bool {
        guard let index = index(of: id), case .answering(let delivered, _) = flights[index].stage else {
            preconditionFailure("an answer ends after it began")
        }
        guard pollers.count + flights.count > concurrency else {
            flights[index].stage = .answered(delivered: delivered)
            return false
        }
        flights.remove(at: index)
        return true
    }

    // MARK: The rest

    /// `/init/error` came. False: too late for it (403).
    mutating func initError() -> Bool {
        switch life {
        case .starting:
            life = .initFailed
            return true
        case .serving, .initFailed: return false
        }
    }

    /// A connection is gone. What was delivered on it may still be answered on another: some clients open one per call.
    mutating func connectionClosed(_ connection: ConnectionID) {
        pollers.removeAll { $0 == connection }
    }

    /// What was delivered as this invocation; nil when it is not running.
    func payload(of id: InvocationID) -> Payload? {
        index(of: id).map { flights[$0].payload }
    }

    @inline(__always)
    private func index(of id: InvocationID) -> Int? {
        for index in flights.indices where flights[index].id == id { return index }
        return nil
    }
}
