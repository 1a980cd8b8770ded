import FunctionModel
import Gateway
import Logging
import NIOCore
import NIOPosix

/// A gateway with a real listener on a free port of the loopback address.
struct ServerFixture: Sendable {
    let clock = ManualClock()
    let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let parts: NIOLoopBound<Parts>

    /// What lives on the event loop.
    final class Parts {
        let delegate: RecordingDelegate
        let server: GatewayServer

        init(delegate: RecordingDelegate, server: GatewayServer) {
            self.delegate = delegate
            self.server = server
        }
    }

    private init(
        configuration: GatewayConfiguration, descriptors: DescriptorGauge, behaviour: RecordingDelegate.Behaviour.Kind,
        address: GatewayAddress
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let clock = clock
        parts = try await loop.submit {
            let delegate = RecordingDelegate(routes: try Fixture.routes(), behaviour: behaviour.behaviour)
            let server = GatewayServer(
                loop: loop, delegate: delegate, configuration: configuration, clock: clock.clock,
                descriptors: descriptors, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            return NIOLoopBound(Parts(delegate: delegate, server: server), eventLoop: loop)
        }.get()
        self.group = group
        let parts = parts
        port = try await loop.flatSubmit { parts.value.server.listen(on: address) }.get().port ?? 0
    }

    /// Runs a test with a gateway and takes all down behind it.
    static func with(
        configuration: GatewayConfiguration = GatewayConfiguration(),
        descriptors: DescriptorGauge = DescriptorGauge(limit: 1000) { 10 },
        behaviour: RecordingDelegate.Behaviour.Kind = .echo, address: GatewayAddress = .host("127.0.0.1", port: 0),
        _ body: (ServerFixture) async throws -> Void
    ) async throws {
        let fixture = try await ServerFixture(
            configuration: configuration, descriptors: descriptors, behaviour: behaviour, address: address)
        do {
            try await body(fixture)
        } catch {
            try await fixture.tearDown()
            throw error
        }
        try await fixture.tearDown()
    }

    private func tearDown() async throws {
        let past = clock.now
        let drained = try await onLoop { $0.server.drain(deadline: past) }
        try await onLoop { $0.server.sweep() }
        _ = try await drained.get()
        try await group.shutdownGracefully()
    }

    /// Runs something on the gateway's loop.
    @discardableResult
    func onLoop<Value: Sendable>(_ body: @escaping @Sendable (Parts) throws -> Value) async throws -> Value {
        let parts = parts
        return try await group.next().submit { try body(parts.value) }.get()
    }

    /// Waits until something holds on the loop; false after ten seconds.
    func eventually(_ condition: @escaping @Sendable (Parts) -> Bool) async throws -> Bool {
        let limit = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < limit {
            if try await onLoop(condition) { return true }
            await Task.yield()
        }
        return false
    }
}

extension RecordingDelegate.Behaviour {
    /// The behaviours that can cross to another thread.
    enum Kind: Sendable {
        case echo
        case wait

        var behaviour: RecordingDelegate.Behaviour {
            switch self {
            case .echo: .echo
            case .wait: .wait
            }
        }
    }
}
