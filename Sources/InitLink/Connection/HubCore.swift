internal import CLinux
import Glibc
import LinuxSystem
internal import Logging
private import Synchronization

/// What the hub's thread and the connections share: the epoll descriptor and the table of connections.
final class HubCore: Sendable {
    private struct State {
        var connections: [UInt64: InitConnection] = [:]
        var endRequests: [UInt64] = []
        /// 0 is the token of the wake-up.
        var nextID: UInt64 = 1
        var isStopping = false
    }

    private static let wakeupToken: UInt64 = 0

    let logger: Logger
    let lifeline: Lifeline?
    private let epoll: OwnedDescriptor
    private let wakeup: OwnedDescriptor
    private let state = Mutex(State())

    init(logger: Logger, lifeline: Lifeline?) throws(InitLinkError) {
        self.logger = logger
        self.lifeline = lifeline
        epoll = OwnedDescriptor(owning: clinux_epoll())
        wakeup = OwnedDescriptor(owning: clinux_wakeup())
        guard epoll.raw >= 0, wakeup.raw >= 0,
            clinux_epoll_add(epoll.raw, wakeup.raw, Self.wakeupToken, true, false) == 0
        else {
            throw InitLinkError(.system, "the hub of init connections cannot be made", systemError: clinux_errno())
        }
    }

    // MARK: From any thread

    /// Enters a new connection that listens on the socket.
    func add(
        socket: OwnedDescriptor, directory: OwnedDescriptor, delegate: any InitConnectionDelegate
    ) throws(InitLinkError) -> InitConnection {
        let connection = state.withLock { state -> InitConnection? in
            guard !state.isStopping else { return nil }
            let id = state.nextID
            state.nextID += 1
            let connection = InitConnection(
                id: id, core: self, socket: socket, directory: directory, delegate: delegate)
            state.connections[id] = connection
            return connection
        }
        guard let connection else { throw InitLinkError(.shutDown, "the hub of init connections has been shut down") }
        guard watchNew(socket, of: connection.id, writable: false) else {
            let error = clinux_errno()
            forget(connection.id)
            throw InitLinkError(.system, "the socket for init cannot be watched", systemError: error)
        }
        return connection
    }

    /// Has the hub's thread end a connection.
    func requestEnd(of id: UInt64) {
        state.withLock { $0.endRequests.append(id) }
        wake()
    }

    /// Has the hub's thread end all connections and return.
    func requestStop() {
        state.withLock { $0.isStopping = true }
        wake()
    }

    func forget(_ id: UInt64) { _ = state.withLock { $0.connections.removeValue(forKey: id) } }

    func watchNew(_ descriptor: OwnedDescriptor, of id: UInt64, writable: Bool) -> Bool {
        clinux_epoll_add(epoll.raw, descriptor.raw, id, true, writable) == 0
    }

    func watch(_ descriptor: OwnedDescriptor, of id: UInt64, writable: Bool) {
        _ = clinux_epoll_change(epoll.raw, descriptor.raw, id, true, writable)
    }

    func unwatch(_ descriptor: OwnedDescriptor) { _ = clinux_epoll_remove(epoll.raw, descriptor.raw) }

    private func wake() {
        var one: UInt64 = 1
        // The counter cannot be full, and if it were the thread would wake all the same.
        _ = write(wakeup.raw, &one, MemoryLayout<UInt64>.size)
    }

    // MARK: The hub's thread

    /// Serves all connections until ``requestStop()``.
    func run() {
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { scratch.deallocate() }
        var events = [clinux_event](repeating: clinux_event(), count: 64)
        while true {
            let count = clinux_epoll_wait(epoll.raw, &events, Int32(events.count), -1)
            for event in events.prefix(Int(max(count, 0))) { serve(event, scratch) }
            let (ends, isStopping) = state.withLock { state in
                defer { state.endRequests.removeAll() }
                return (state.endRequests.compactMap { state.connections[$0] }, state.isStopping)
            }
            for connection in ends { connection.carryOutEnd() }
            if isStopping { break }
        }
        for connection in state.withLock({ Array($0.connections.values) }) { connection.finish(nil) }
    }

    private func serve(_ event: clinux_event, _ scratch: UnsafeMutableRawBufferPointer) {
        guard event.token != Self.wakeupToken else {
            var count: UInt64 = 0
            _ = read(wakeup.raw, &count, MemoryLayout<UInt64>.size)
            return
        }
        // An event may be about a connection that an earlier one of this round has ended.
        guard let connection = state.withLock({ $0.connections[event.token] }) else { return }
        connection.handle(event, scratch: scratch)
    }
}
