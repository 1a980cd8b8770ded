import FunctionModel
import Gateway
import Logging
import NIOCore

/// The gateway, for those who are not on its event loop.
struct PublicListener: Sendable {
    /// `host:port`, with the port that the kernel chose when it was asked for port 0.
    let address: String
    private let server: NIOLoopBound<GatewayServer>
    private let loop: any EventLoop

    static func start(
        _ configuration: GatewayConfiguration, on address: GatewayAddress, plane: DataPlane, logger: Logger
    ) async throws -> PublicListener {
        let started = try await plane.loop.flatSubmit {
            let server = GatewayServer(
                loop: plane.loop, delegate: plane.onLoop, configuration: configuration, logger: logger)
            let bound = NIOLoopBound(server, eventLoop: plane.loop)
            return server.listen(on: address).map { (bound, $0) }
        }.get()
        return PublicListener(address: text(started.1), server: started.0, loop: plane.loop)
    }

    /// Connections: open now, accepted and turned away since the start.
    func connections() async -> (open: Int, accepted: Int, refused: Int) {
        let server = server
        let counts = try? await loop.submit {
            (server.value.connectionCount, server.value.acceptedCount, server.value.refusedCount)
        }.get()
        return counts ?? (0, 0, 0)
    }

    /// Closes the listener, lets what runs end until the deadline, and cuts off the rest.
    /// - Returns: connections that were cut off.
    func drain(deadline: MonotonicTime) async -> Int {
        let server = server
        let cutOff = try? await loop.flatSubmit { server.value.drain(deadline: deadline) }.get()
        return cutOff ?? 0
    }

    private static func text(_ address: SocketAddress) -> String {
        let host = address.ipAddress ?? ""
        return (host.contains(":") ? "[\(host)]" : host) + ":\(address.port ?? 0)"
    }
}
