import FunctionModel
import Glibc
import NIOCore
import Testing
import WorkerProtocol

/// What a hostile init does to descriptors of the right kind, which it still has, after they were looked at. Each
/// contract, each change, at each moment: the worker may end, its neighbour on the same loop goes on.
@Suite("Descriptors that init changes afterwards", .serialized, .timeLimit(.minutes(2)))
struct SharedDescriptorTests {
    enum Change: CaseIterable, Sendable {
        case nothing, shutReading, shutWriting, shutBoth, disconnected, disconnectedAndListening
        case blocking, lingering, peerClosed, peerReset
    }

    enum Moment: CaseIterable, Sendable { case before, ready, running }

    /// What the worker is given, and a second hold on it.
    private final class World {
        let descriptors: [Int32]
        /// The same open files, as init has them.
        private let shared: [TestSocket]
        /// The other ends.
        private let peers: [TestSocket]
        /// Where a handler connects.
        private var port: UInt16?

        init(_ contract: Contract) throws {
            switch contract {
            case .lambda:
                let (listener, port) = try TestSocket.listening()
                (descriptors, peers) = ([listener.take()], [])
                self.port = port
            case .http:
                let (listener, port) = try TestSocket.listening()
                let client = try TestSocket.connected(to: port)
                (descriptors, peers) = ([client.take()], [try listener.accept()])
            case .exec:
                let (mine, other) = try TestSocket.pair()
                (descriptors, peers) = ([mine.take()], [other])
            case .stdio:
                let (input, output) = (try TestSocket.pipe(), try TestSocket.pipe())
                (descriptors, peers) = (
                    [input.writing.take(), output.reading.take()], [input.reading, output.writing]
                )
            }
            for descriptor in descriptors { setNonblocking(descriptor) }
            shared = descriptors.map { TestSocket(descriptor: dup($0)) }
        }

        func make(_ change: Change) {
            for descriptor in shared { Self.make(change, descriptor.descriptor) }
            switch change {
            case .peerClosed: for peer in peers { peer.close() }
            case .peerReset:
                for peer in peers {
                    Self.setLinger(peer.descriptor, seconds: 0)
                    peer.close()
                }
            case .nothing, .shutReading, .shutWriting, .shutBoth, .disconnected, .disconnectedAndListening, .blocking,
                .lingering:
                break
            }
        }

        /// Has the loop look at the descriptors once more.
        func poke() {
            for peer in peers where peer.descriptor >= 0 { try? peer.send("x\n") }
            if let port { _ = try? TestSocket.connected(to: port) }
        }

        private static func make(_ change: Change, _ descriptor: Int32) {
            switch change {
            case .nothing, .peerClosed, .peerReset: break
            case .shutReading: _ = shutdown(descriptor, Int32(SHUT_RD))
            case .shutWriting: _ = shutdown(descriptor, Int32(SHUT_WR))
            case .shutBoth: _ = shutdown(descriptor, Int32(SHUT_RDWR))
            case .disconnected: disconnect(descriptor)
            case .disconnectedAndListening:
                disconnect(descriptor)
                _ = listen(descriptor, 4)
            case .blocking: _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
            case .lingering: setLinger(descriptor, seconds: 3600)
            }
        }

        private static func setLinger(_ descriptor: Int32, seconds: Int32) {
            var value = linger(l_onoff: 1, l_linger: seconds)
            _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let contract: Contract
        let change: Change
        let moment: Moment

        var testDescription: String { "\(contract), \(change), \(moment)" }
    }

    static let cases = Contract.allCases.flatMap { contract in
        Change.allCases.flatMap { change in
            Moment.allCases.compactMap { moment -> Case? in
                // A pipe cannot be had once more in a test as the hub does it, so nobody else can make it blocking there.
                if contract == .stdio, change == .blocking { return nil }
                return Case(contract: contract, change: change, moment: moment)
            }
        }
    }

    @Test("The loop goes on whatever is done to the descriptors of one worker", arguments: cases)
    func changes(_ item: Case) throws {
        let world = try World(item.contract)
        if item.moment == .before { world.make(item.change) }
        let harness = try WorkerHarness(
            item.contract, context: WorkerHarness.context(), descriptors: world.descriptors)
        // A lambda worker is ready at its first poll only, which does not come.
        if item.contract != .lambda, item.change == .nothing || item.moment != .before {
            harness.expect(.ready)
        }
        if item.moment == .ready { world.make(item.change) }
        if item.contract != .lambda, item.moment != .before {
            try harness.invoke(item.contract == .http ? Sample.http(1) : Sample.direct(1, "{}"))
        }
        if item.moment == .running { world.make(item.change) }
        world.poke()
        try neighbourServes()
        try harness.close()
        try neighbourServes()
    }

    @Test("The loop goes on when the kernel queues errors of a connection that works")
    func errorQueue() throws {
        let (listener, port) = try TestSocket.listening()
        let client = try TestSocket.connected(to: port)
        setNonblocking(client.descriptor)
        let shared = TestSocket(descriptor: dup(client.descriptor))
        let peer = try listener.accept()
        // SOF_TIMESTAMPING_TX_SOFTWARE and _SOFTWARE: the kernel queues when each byte was sent.
        var flags: Int32 = 1 << 1 | 1 << 4
        let isSet = setsockopt(
            shared.descriptor, SOL_SOCKET, SO_TIMESTAMPING, &flags, socklen_t(MemoryLayout<Int32>.size))
        #expect(isSet == 0)
        let harness = try WorkerHarness(.http, context: WorkerHarness.context(), descriptors: [client.take()])
        harness.expect(.ready)
        for number in 1...20 {
            try harness.invoke(Sample.http(UInt64(number)))
            #expect(try !peer.receive().isEmpty)
            try peer.send("HTTP/1.1 204 No Content\r\n\r\n")
            try neighbourServes()
        }
        try harness.close()
    }

    /// Another worker on the same loop.
    private func neighbourServes() throws {
        let (input, output) = (try TestSocket.pipe(), try TestSocket.pipe())
        let descriptors = [input.writing.take(), output.reading.take()]
        for descriptor in descriptors { setNonblocking(descriptor) }
        let harness = try WorkerHarness(.stdio, context: WorkerHarness.context(), descriptors: descriptors)
        harness.expect(.ready)
        try harness.invoke(Sample.direct(2, "{}"))
        #expect(try input.reading.receive() == Array("{}\n".utf8))
        try output.writing.send("2\n")
        harness.expect(.result(Sample.id(2), "2"), .finished(Sample.id(2)))
        try harness.close()
    }
}

private func disconnect(_ descriptor: Int32) {
    var address = sockaddr()
    address.sa_family = sa_family_t(AF_UNSPEC)
    _ = connect(descriptor, &address, socklen_t(MemoryLayout<sockaddr>.size))
}

private func setNonblocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
}
