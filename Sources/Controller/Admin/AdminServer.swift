import AccessControl
package import AdminModel
import FunctionModel
import Gateway
import Hummingbird
import LinuxSystem
package import Logging
package import NIOCore
import NIOPosix
import Observability

/// The listeners of the admin API and of the APIs that AWS's clients speak: a Unix socket, and TCP when it is asked for
/// and there is a token or an access key.
///
/// The gateway's own connection handling takes the requests, on the data plane's event loop: an invocation stays there,
/// everything else is a task of the router's.
package actor AdminServer {
    private let configuration: AdminServerConfiguration
    private let lock: StateLock
    private let backend: any AdminBackend
    private let services: APIServices
    private let loop: any EventLoop
    private let logger: Logger
    private var running: NIOLoopBound<Running>?

    /// What lives on the event loop.
    private final class Running {
        let servers: [GatewayServer]
        let bridge: AdminBridge

        init(servers: [GatewayServer], bridge: AdminBridge) {
            self.servers = servers
            self.bridge = bridge
        }
    }

    /// - Parameters:
    ///   - lock: the right to this state directory; the server holds on to it.
    ///   - loop: the data plane's, where there is one.
    package init(
        configuration: AdminServerConfiguration, lock: StateLock, backend: any AdminBackend,
        services: APIServices = APIServices(), loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next(),
        logger: Logger
    ) {
        self.configuration = configuration
        self.lock = lock
        self.backend = backend
        self.services = services
        self.loop = loop
        self.logger = logger
    }

    /// Binds, and returns once requests are taken.
    ///
    /// - Returns: the addresses, the Unix socket first.
    @discardableResult
    package func start() async throws(AdminServerError) -> [ListenerStatus] {
        precondition(running == nil, "the admin server is started once")
        let keys = AccessKeyFile(stateDirectory: lock.directory)
        // Files that are damaged are no reason not to start: the log and the status say that they let nobody in.
        if configuration.tcp != nil, configuration.token == nil, !configuration.hasDamagedToken,
            configuration.accessKey == nil, (try? keys.keys().isEmpty) ?? false, configuration.tokens?.isEmpty ?? true
        {
            throw AdminServerError(.tokenNeeded, "the admin API does not listen on TCP without a token")
        }
        let socket = try AdminSocket(lock: lock)
        let running = await make(keys)
        self.running = running
        do throws(AdminServerError) {
            _ = try await listen(running, server: 0, on: .unix(path: socket.bindPath))
            try socket.publish()
            var listeners = [ListenerStatus(role: "admin", address: "unix:\(socket.path)")]
            if let tcp = configuration.tcp {
                let port = try await listen(running, server: 1, on: .host(tcp.host, port: tcp.port))
                let host = tcp.host.contains(":") ? "[\(tcp.host)]" : tcp.host
                listeners.append(ListenerStatus(role: "admin", address: "\(host):\(port ?? tcp.port)"))
            }
            return listeners
        } catch {
            await stop()
            throw error
        }
    }

    /// Takes no more requests, ends streams, waits a little for the others, and takes the socket away.
    package func stop() async {
        guard let running else { return }
        self.running = nil
        if let socket = try? AdminSocket(lock: lock) { socket.withdraw() }
        let milliseconds = configuration.stopMilliseconds
        let drained = loop.flatSubmit {
            running.value.bridge.endStreams()
            let deadline = MonotonicTime.now().advanced(byMilliseconds: milliseconds)
            let futures = running.value.servers.map { $0.drain(deadline: deadline) }
            return EventLoopFuture.whenAllComplete(futures, on: running.eventLoop).map { _ in }
        }
        try? await drained.get()
    }

    private func listen(
        _ running: NIOLoopBound<Running>, server: Int, on address: GatewayAddress
    ) async throws(AdminServerError) -> Int? {
        do {
            return try await loop.flatSubmit { running.value.servers[server].listen(on: address) }.get().port
        } catch {
            throw AdminServerError(.cannotBind, "the admin API cannot listen: \(ListenFailure.sentence(error))")
        }
    }

    // MARK: Parts

    private func make(_ keys: AccessKeyFile) async -> NIOLoopBound<Running> {
        let (configuration, services, loop, logger) = (configuration, services, loop, logger)
        let bearers = BearerTokens(adminToken: configuration.token, tokens: configuration.tokens)
        let sessions = SessionAccess(sessions: BrowserSessions(), bearers: bearers)
        let responders = Responders(
            admin: adminResponder(), dashboard: Self.dashboardResponder(sessions, logger))
        return await withCheckedContinuation { continuation in
            loop.execute {
                let access = Self.access(configuration, sessions, keys, logger)
                let running = Self.make(configuration, services, responders, access, loop, logger)
                continuation.resume(returning: NIOLoopBound(running, eventLoop: loop))
            }
        }
    }

    /// What is protected and what is open, apart.
    private struct Responders {
        let admin: RouterResponder<AdminContext>
        let dashboard: RouterResponder<AdminContext>
    }

    private func adminResponder() -> RouterResponder<AdminContext> {
        let router = Router(context: AdminContext.self)
        router.add(middleware: ProblemMiddleware(logger: logger))
        var routes = AdminRouter(router, audit: configuration.audit)
        AdminRoutes(
            backend: backend, maximumEventBytes: configuration.maximumEventBytes, doctor: configuration.doctor
        ).add(to: &routes)
        return router.buildResponder()
    }

    private static func dashboardResponder(
        _ sessions: SessionAccess, _ logger: Logger
    ) -> RouterResponder<AdminContext> {
        let router = Router(context: AdminContext.self)
        router.add(middleware: ProblemMiddleware(logger: logger))
        DashboardRoutes(access: sessions).add(to: router)
        return router.buildResponder()
    }

    private static func make(
        _ configuration: AdminServerConfiguration, _ services: APIServices, _ responders: Responders,
        _ access: APIAccess, _ loop: any EventLoop, _ logger: Logger
    ) -> Running {
        let bridge = AdminBridge(responder: responders.admin, loop: loop, logger: routerLogger(logger))
        let parts = APIListener.Parts(
            invoke: services.invoke.map { InvokeAPI(dispatcher: $0.plane.onLoop, log: $0.log, catalog: $0.catalog) },
            lambda: services.lambda, queues: services.queues, admin: bridge,
            dashboard: AdminBridge(responder: responders.dashboard, loop: loop, logger: routerLogger(logger)),
            audit: configuration.audit,
            maxAdminBytes: configuration.maximumEventBytes)
        let servers = [nil, access].map { access in
            GatewayServer(
                loop: loop, wholeRequests: APIListener(parts: parts, access: access, loop: loop),
                configuration: gatewayConfiguration(configuration), logger: logger)
        }
        return Running(servers: servers, bridge: bridge)
    }

    private static func access(
        _ configuration: AdminServerConfiguration, _ sessions: SessionAccess, _ keys: AccessKeyFile, _ logger: Logger
    ) -> APIAccess {
        APIAccess(
            sessions: sessions,
            keys: AccessKeyRing(file: keys, configured: configuration.accessKey, logger: logger),
            now: { MonotonicTime.now() }, unixMilliseconds: { SystemClock.unixMilliseconds() })
    }

    /// The web framework tells of every request below this.
    private static func routerLogger(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    private static func gatewayConfiguration(_ configuration: AdminServerConfiguration) -> GatewayConfiguration {
        var gateway = GatewayConfiguration()
        gateway.maxConnectionsPerAddress = configuration.maximumConnections
        gateway.allowsHalfClosure = false
        // The operator gets in when the public listener is full.
        gateway.descriptorPercent = 98
        // Clients send a body to its end before they read why it was refused.
        gateway.maxLingerBytes = 96 << 20
        gateway.lingerMilliseconds = 30_000
        return gateway
    }
}
