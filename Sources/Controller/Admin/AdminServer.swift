package import AdminModel
import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import NIOPosix
import ServiceLifecycle

/// The admin API's listeners: a Unix socket, and TCP when it is asked for and there is a token.
package actor AdminServer {
    private let configuration: AdminServerConfiguration
    private let lock: StateLock
    private let backend: any AdminBackend
    private let group: any EventLoopGroup
    private let logger: Logger
    private var running: Running?

    private struct Running {
        let services: ServiceGroup
        let task: Task<Void, Never>
    }

    /// What the listeners tell while they start.
    private enum Event: Sendable {
        case bound(address: String, isUnixSocket: Bool)
        case ended(reason: String)
    }

    /// - Parameters:
    ///   - lock: the right to this state directory; the server holds on to it.
    ///   - group: where the requests run; not the data plane's loop.
    package init(
        configuration: AdminServerConfiguration, lock: StateLock, backend: any AdminBackend,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
    ) {
        self.configuration = configuration
        self.lock = lock
        self.backend = backend
        self.group = group
        var logger = logger
        // The web framework tells of every request below this.
        logger.logLevel = max(logger.logLevel, .warning)
        self.logger = logger
    }

    /// Binds, and returns once requests are taken.
    ///
    /// - Returns: the addresses, the Unix socket first.
    @discardableResult
    package func start() async throws(AdminServerError) -> [ListenerStatus] {
        precondition(running == nil, "the admin server is started once")
        if configuration.tcp != nil && configuration.token == nil {
            throw AdminServerError(.tokenNeeded, "the admin API does not listen on TCP without a token")
        }
        let socket = try AdminSocket(lock: lock)
        let (events, told) = AsyncStream.makeStream(of: Event.self)
        let services = serviceGroup(bindPath: socket.bindPath, told: told)
        let task = Task {
            do {
                try await services.run()
                told.yield(.ended(reason: "stopped"))
            } catch {
                told.yield(.ended(reason: "\(error)"))
            }
        }
        running = Running(services: services, task: task)
        do throws(AdminServerError) {
            return try await ready(events, socket)
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
        await running.services.triggerGracefulShutdown()
        await running.task.value
    }

    private func ready(
        _ events: AsyncStream<Event>, _ socket: borrowing AdminSocket
    ) async throws(AdminServerError) -> [ListenerStatus] {
        var listeners: [ListenerStatus] = []
        let expected = configuration.tcp == nil ? 1 : 2
        for await event in events {
            switch event {
            case .bound(_, isUnixSocket: true):
                try socket.publish()
                listeners.insert(ListenerStatus(role: "admin", address: "unix:\(socket.path)"), at: 0)
            case .bound(let address, isUnixSocket: false):
                listeners.append(ListenerStatus(role: "admin", address: address))
            case .ended(let reason):
                throw AdminServerError(.cannotBind, "the admin API cannot listen: \(reason)")
            }
            if listeners.count == expected { break }
        }
        return listeners
    }

    private func serviceGroup(bindPath: String, told: AsyncStream<Event>.Continuation) -> ServiceGroup {
        var applications: [any Service] = [
            application(.unixDomainSocket(path: bindPath), token: nil) { _ in
                told.yield(.bound(address: bindPath, isUnixSocket: true))
            }
        ]
        if let tcp = configuration.tcp, let token = configuration.token {
            applications.append(
                application(.hostname(tcp.host, port: tcp.port), token: token) { channel in
                    let port = channel.localAddress?.port ?? tcp.port
                    told.yield(.bound(address: "\(tcp.host):\(port)", isUnixSocket: false))
                })
        }
        var options = ServiceGroupConfiguration(services: applications, logger: logger)
        options.maximumGracefulShutdownDuration = .milliseconds(configuration.stopMilliseconds)
        return ServiceGroup(configuration: options)
    }

    private func application(
        _ address: BindAddress, token: AdminToken?, onBound: @escaping @Sendable (any Channel) async -> Void
    ) -> some Service {
        let router = Router(context: AdminRoutes.Context.self)
        router.add(middleware: ProblemMiddleware(logger: logger))
        if let token { router.add(middleware: BearerMiddleware(token: token)) }
        AdminRoutes(backend: backend, maximumEventBytes: configuration.maximumEventBytes).add(to: router)
        return Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: address, serverName: "glo",
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.maximumConnections)),
            onServerRunning: onBound, eventLoopGroupProvider: .shared(group), logger: logger)
    }
}
