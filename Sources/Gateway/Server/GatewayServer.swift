package import FunctionModel
import HTTPCodec
package import Logging
package import NIOCore
import NIOPosix

/// The public HTTP/1.1 listener with all of its connections. Confined to one event loop: create and call it there.
package final class GatewayServer {
    private let loop: any EventLoop
    private let gateway: GatewayContext
    /// Kept alive for the context, which does not; nil for a listener with routes.
    private let noRoutes: NoRoutes?
    private let descriptors: DescriptorGauge
    private var listener: (any Channel)?
    private var address: GatewayAddress?
    private var isAcceptPaused = false
    private var isSweepScheduled = false
    private var drained: EventLoopPromise<Int>?
    private var drainDeadline: MonotonicTime?
    private var isListenerClosed = false
    private var cutOff = 0
    /// Connections that were accepted since the start.
    package private(set) var acceptedCount = 0
    /// Connections that were turned away since the start.
    package private(set) var refusedCount = 0

    /// Connections that are told why they are turned away; more are closed without a word, and some of these clients
    /// get a reset.
    private let maxRefusals: Int
    /// How long a client has for the next request of a connection that a drain has found idle.
    private static let idleMilliseconds: Int64 = 500
    /// How long the connections that the kernel has set up are still taken when no more are wanted.
    private static let queueMilliseconds: Int64 = 100

    /// - Parameter delegate: is not kept alive by the gateway, and must outlive it.
    package init(
        loop: any EventLoop, delegate: any GatewayDelegate,
        configuration: GatewayConfiguration = GatewayConfiguration(),
        clock: GatewayClock = .system, descriptors: DescriptorGauge = .process(), logger: Logger
    ) {
        loop.preconditionInEventLoop()
        self.loop = loop
        self.descriptors = descriptors
        maxRefusals = Self.maxRefusals(descriptors)
        noRoutes = nil
        gateway = GatewayContext(
            loop: loop, configuration: configuration, clock: clock, logger: logger, delegate: delegate)
        gateway.connectionsChanged = { [weak self] in self?.connectionsChanged() }
    }

    /// A listener without routes.
    ///
    /// - Parameter wholeRequests: is kept alive by the server.
    package init(
        loop: any EventLoop, wholeRequests: any WholeRequestDelegate,
        configuration: GatewayConfiguration = GatewayConfiguration(),
        clock: GatewayClock = .system, descriptors: DescriptorGauge = .process(), logger: Logger
    ) {
        loop.preconditionInEventLoop()
        self.loop = loop
        self.descriptors = descriptors
        maxRefusals = Self.maxRefusals(descriptors)
        let noRoutes = NoRoutes()
        self.noRoutes = noRoutes
        gateway = GatewayContext(
            loop: loop, configuration: configuration, clock: clock, logger: logger, delegate: noRoutes,
            wholeRequests: wholeRequests)
        gateway.connectionsChanged = { [weak self] in self?.connectionsChanged() }
    }

    /// Each is held for as long as its client takes to read the reason, two seconds at most.
    private static func maxRefusals(_ descriptors: DescriptorGauge) -> Int { max(64, descriptors.limit / 16) }

    /// Open connections, idle ones too.
    package var connectionCount: Int { gateway.registry.count }

    /// The address that the listener has, with the port that the kernel chose when it was asked for port 0.
    package var localAddress: SocketAddress? { listener?.localAddress }

    // MARK: Listening

    /// Opens the listener; the future gives its address, or the error with which the kernel refused.
    package func listen(on address: GatewayAddress) -> EventLoopFuture<SocketAddress> {
        loop.preconditionInEventLoop()
        let me = NIOLoopBound(self, eventLoop: loop)
        var bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: gateway.configuration.backlog)
            .childChannelOption(.allowRemoteHalfClosure, value: gateway.configuration.allowsHalfClosure)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try me.value.admit(channel) }
            }
        if !address.isUnixSocket {
            bootstrap = bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        }
        let bound: EventLoopFuture<any Channel>
        switch address {
        case .unix(let path): bound = bootstrap.bind(unixDomainSocketPath: path)
        case .host(let host, let port): bound = bootstrap.bind(host: host, port: port)
        case .inherited(let descriptor): bound = bootstrap.withBoundSocket(descriptor)
        }
        return bound.flatMapThrowing { channel in
            me.value.listener = channel
            me.value.address = address
            guard let address = channel.localAddress else { throw ChannelError.unknownLocalAddress }
            return address
        }
    }

    /// Sets up a connection that has been accepted, or turns it away.
    private func admit(_ channel: any Channel) throws {
        let peer = Peer(
            remote: channel.remoteAddress, local: channel.localAddress, trusted: gateway.configuration.trustedProxies)
        let problem = refusal(of: peer)
        if problem == nil { acceptedCount += 1 } else { refusedCount += 1 }
        if problem != nil, gateway.registry.refusals >= maxRefusals {
            channel.close(promise: nil)
            return
        }
        try channel.pipeline.syncOperations.addHandler(
            ConnectionHandler(gateway: gateway, peer: peer, refusal: problem))
    }

    private func refusal(of peer: Peer) -> ProblemDocument? {
        if descriptors.isAbove(percent: gateway.configuration.descriptorPercent) {
            pauseAccepting()
            return ProblemDocument(.tooManyConnections, "The server has too many connections open.")
        }
        let limit = gateway.configuration.maxConnectionsPerAddress
        guard let address = peer.address, !peer.isTrusted, gateway.registry.count(of: address) >= limit else {
            return nil
        }
        return ProblemDocument(.tooManyConnections, "One address may have \(limit) connections.")
    }

    // MARK: Pausing

    /// Leaves new connections in the kernel's queue until descriptors are free again.
    private func pauseAccepting() {
        guard !isAcceptPaused, let listener else { return }
        isAcceptPaused = true
        gateway.logger.warning(
            "accepting no connections until descriptors are free; raise the limit of open files (LimitNOFILE)",
            metadata: ["limit": "\(descriptors.limit)"])
        listener.setOption(.autoRead, value: false).assumeIsolated().whenComplete { _ in }
        scheduleSweep()
    }

    private func resumeAcceptingIfPossible() {
        guard isAcceptPaused, !descriptors.isAbove(percent: gateway.configuration.descriptorPercent - 2) else { return }
        isAcceptPaused = false
        gateway.logger.notice("accepting connections again")
        listener?.setOption(.autoRead, value: true).assumeIsolated().whenComplete { _ in }
    }

    // MARK: Time

    private func connectionsChanged() {
        if gateway.registry.count > 0 {
            scheduleSweep()
        } else {
            completeDrain()
        }
    }

    /// There is a timer only while there is something to look at.
    private func scheduleSweep() {
        guard !isSweepScheduled else { return }
        isSweepScheduled = true
        loop.assumeIsolated().scheduleTask(in: .milliseconds(isAcceptPaused ? 100 : 1000)) { [weak self] in
            guard let self else { return }
            isSweepScheduled = false
            sweep()
            if gateway.registry.count > 0 || isAcceptPaused { scheduleSweep() }
        }
    }

    /// Looks at every connection's limits of time. Runs by itself once a second; tests call it.
    package func sweep() {
        resumeAcceptingIfPossible()
        let now = gateway.clock.now()
        if let drainDeadline, now >= drainDeadline {
            cutOffAll()
            return
        }
        // From the end: a connection that closes is replaced by the last one, which has been looked at.
        var index = gateway.registry.count - 1
        while index >= 0 {
            if index < gateway.registry.count { gateway.registry.connections[index].tick(now: now) }
            index -= 1
        }
    }

    // MARK: Stopping

    /// Closes the listener, once it has taken the connections that the kernel has set up already: closing would reset
    /// them. Connections live on.
    package func stopAccepting() -> EventLoopFuture<Void> {
        guard let listener else { return loop.makeSucceededVoidFuture() }
        self.listener = nil
        let wasPaused = isAcceptPaused
        isAcceptPaused = false
        // Whoever opened the socket keeps it, with what waits in its queue for the next controller.
        if case .inherited = address { return listener.close() }
        if wasPaused { listener.setOption(.autoRead, value: true).assumeIsolated().whenComplete { _ in } }
        listener.setOption(.maxMessagesPerRead, value: 4096).assumeIsolated().whenComplete { _ in }
        ConnectionRequests.drop(at: listener)
        return loop.scheduleTask(in: .milliseconds(Self.queueMilliseconds)) {}.futureResult.flatMap { listener.close() }
    }

    /// Closes the listener and lets what runs come to its end: each connection is closed after its next answer, which
    /// says `Connection: close`, and half a second later when none is asked for. At the deadline, what is left is cut
    /// off.
    ///
    /// The future gives the number of connections that were cut off.
    package func drain(deadline: MonotonicTime) -> EventLoopFuture<Int> {
        loop.preconditionInEventLoop()
        if let drained { return drained.futureResult }
        let promise = loop.makePromise(of: Int.self)
        drained = promise
        drainDeadline = deadline
        gateway.beginDraining()
        for connection in gateway.registry.connections { connection.drain() }
        endIdle()
        let me = NIOLoopBound(self, eventLoop: loop)
        stopAccepting().whenComplete { _ in
            me.value.isListenerClosed = true
            me.value.completeDrain()
        }
        return promise.futureResult
    }

    private func endIdle() {
        for connection in gateway.registry.connections { connection.endIdle() }
        guard drainDeadline != nil else { return }
        loop.assumeIsolated().scheduleTask(in: .milliseconds(Self.idleMilliseconds)) { [weak self] in
            self?.endIdle()
        }
    }

    private func cutOffAll() {
        let left = gateway.registry.connections
        cutOff += left.count
        for connection in left { connection.abort() }
        completeDrain()
    }

    private func completeDrain() {
        guard let drained, isListenerClosed, gateway.registry.count == 0 else { return }
        drainDeadline = nil
        drained.succeed(cutOff)
    }
}
