package import FunctionModel

/// What init may say, given what it was asked for. Pure: it remembers the workers of one connection and judges frames.
package struct InitSession: Sendable {
    private struct Worker {
        let contract: Contract
        let slots: Int
        var isLive = false
        var hasDescriptors = false
        /// http: connections asked for and not answered yet.
        var connectionsDue: Int
    }

    private var hasGreeted = false
    private var workers: [UInt32: Worker] = [:]

    package init() {}

    /// A START goes out. The id must be new: that is the controller's own duty.
    package mutating func start(worker: UInt32, contract: Contract, slots: Int) {
        precondition(worker != 0 && workers[worker] == nil, "worker ids are unique and not 0")
        workers[worker] = Worker(contract: contract, slots: slots, connectionsDue: contract == .http ? 1 : 0)
    }

    /// A CONNECT goes out. False when it is pointless, since there is no such http worker (any more).
    package mutating func connect(worker: UInt32) -> Bool {
        guard let known = workers[worker], known.contract == .http else { return false }
        workers[worker]?.connectionsDue += 1
        return true
    }

    /// Whether there is such a worker, starting or live.
    package func knows(worker: UInt32) -> Bool { workers[worker] != nil }

    /// Judges a frame from init.
    package mutating func receive(_ frame: InitFrame) throws(InitLinkError) {
        if case .hello = frame {
            guard !hasGreeted else { throw .violation("greeted twice") }
            hasGreeted = true
            return
        }
        guard hasGreeted else { throw .violation("did not greet first") }
        switch frame {
        case .hello: break
        case .descriptors(let id, let kind, let count, _): try receiveDescriptors(id, kind, count)
        case .started(let id, _): try becomeLive(id)
        case .startFailed(let id, _):
            guard let worker = workers.removeValue(forKey: id), !worker.isLive else {
                throw .violation("failed to start worker \(id), which was not starting")
            }
        case .exited(let id, _):
            guard let worker = workers.removeValue(forKey: id), worker.isLive else {
                throw .violation("reported the end of worker \(id), which was not running")
            }
        case .output(let id, _), .outputDropped(let id, _, _):
            guard workers[id]?.isLive == true else {
                throw .violation("sent output of worker \(id), which is not live")
            }
        case .connectFailed(let id, _): try settleConnection(id)
        }
    }

    private mutating func becomeLive(_ id: UInt32) throws(InitLinkError) {
        guard let worker = workers[id], !worker.isLive, worker.hasDescriptors || worker.contract == .http else {
            throw .violation("started worker \(id) out of order")
        }
        workers[id]?.isLive = true
    }

    private mutating func receiveDescriptors(
        _ id: UInt32, _ kind: DescriptorKind, _ count: Int
    ) throws(InitLinkError) {
        guard let worker = workers[id] else { throw .violation("passed descriptors of an unknown worker \(id)") }
        let expected: (kind: DescriptorKind, count: Int) =
            switch worker.contract {
            case .lambda: (.listener, 1)
            case .http: (.connection, 1)
            case .exec: (.slots, worker.slots)
            case .stdio: (.stdio, 2)
            }
        guard kind == expected.kind, count == expected.count else {
            throw .violation("passed \(count) descriptors of a wrong kind for worker \(id)")
        }
        if worker.contract == .http { return try settleConnection(id) }
        guard !worker.isLive, !worker.hasDescriptors else {
            throw .violation("passed descriptors of worker \(id) twice")
        }
        workers[id]?.hasDescriptors = true
    }

    private mutating func settleConnection(_ id: UInt32) throws(InitLinkError) {
        guard let worker = workers[id], worker.isLive, worker.connectionsDue > 0 else {
            throw .violation("answered for a connection of worker \(id) that nobody asked for")
        }
        workers[id]?.connectionsDue -= 1
    }
}
