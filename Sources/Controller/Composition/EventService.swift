import AdminModel
import Dispatch
import EventStore
import FunctionModel
import Glibc
import Logging
import NIOCore
import Observability
import OutboundHTTP
import RedisClient
import RedisServer

/// The event plane with what it needs beside the event loop: the controller's own Redis, outgoing requests, files.
struct EventService: Sendable {
    let core: ControllerCore
    /// Nil with a Redis of somebody else.
    let server: RedisServerStandIn?
    let client: OutboundClient

    // MARK: Start

    /// Starts the controller's own Redis and what uses it.
    static func startOwn(_ core: ControllerCore) async throws(ControllerError) -> EventService {
        let memory = core.configuration.redisMemoryBytes ?? HostMemory.totalBytes / 4
        let server = RedisServerStandIn(
            stateDirectory: core.layout.root, fsync: core.configuration.redisFsync.rawValue, memory: memory,
            logger: core.logger)
        await server.start()
        let endpoint = RedisEndpoint(.unixSocket(path: await server.socket))
        return try await start(core, at: endpoint, server: server)
    }

    static func start(
        _ core: ControllerCore, at endpoint: RedisEndpoint, server: RedisServerStandIn?
    ) async throws(ControllerError) -> EventService {
        guard EventStore.isValid(namespace: core.configuration.redisNamespace) else {
            throw ControllerError(
                .configuration, "redisNamespace is '\(core.configuration.redisNamespace)'",
                hint: EventStore.namespaceRule)
        }
        let outbound = try outboundSettings(core.configuration)
        let client = OutboundClient(settings: outbound)
        let settings = try planeSettings(core, ownsStore: server != nil, outbound)
        let directory = "\(core.layout.root)/events"
        let logger = core.logger
        let failure = await core.plane.ask { dispatcher -> ControllerError? in
            do {
                // Another server could not read this one's files.
                let files = server == nil ? nil : try ContentFiles(directory: directory, loop: dispatcher.loop)
                let plane = EventPlane(
                    endpoint: endpoint, settings: settings, dispatcher: dispatcher, files: files, client: client,
                    logger: logger)
                dispatcher.events = plane
                plane.start()
                return nil
            } catch {
                return ControllerError(.system, "\(error)")
            }
        }
        if let failure { throw failure }
        return EventService(core: core, server: server, client: client)
    }

    private static func outboundSettings(
        _ configuration: ControllerConfiguration
    ) throws(ControllerError) -> OutboundSettings {
        var ranges: [OutboundHTTP.AddressRange] = []
        for text in configuration.outboundAllowed {
            guard let range = OutboundHTTP.AddressRange(text) else {
                throw ControllerError(
                    .configuration, "outboundAllow: '\(text)' is no address and no range of addresses",
                    hint: "write such as 10.0.0.5 or 10.0.0.0/8")
            }
            ranges.append(range)
        }
        var settings = OutboundSettings()
        settings.addressRule = OutboundAddressRule(allowed: ranges)
        settings.trustedCertificatesPath = configuration.environment["GLO_OUTBOUND_CA"]
        return settings
    }

    private static func planeSettings(
        _ core: ControllerCore, ownsStore: Bool, _ outbound: OutboundSettings
    ) throws(ControllerError) -> EventPlaneSettings {
        let prefix = "\(core.factory.namespace)/"
        let signer = DestinationSigner(
            ownSecret: try WebhookSecretFile.load(core.layout.root), secrets: SecretFiles(directory: core.layout.secrets),
            allowsPlainHTTP: outbound.allowsPlainHTTP, unixSeconds: { SystemClock.unixMilliseconds() / 1000 })
        let log = core.log
        return EventPlaneSettings(
            namespace: core.configuration.redisNamespace, owner: prefix + core.boot, ownerPrefix: prefix,
            ownsStore: ownsStore, setup: { EventLibrary.load() }, signer: signer,
            checkCallback: { url throws(InvocationFailure) in
                do throws(OutboundError) {
                    _ = try DestinationURL(url, allowsPlainHTTP: outbound.allowsPlainHTTP)
                } catch {
                    throw InvocationFailure(.badRequest, error.description)
                }
            },
            logLines: { function, id in
                let text = id.description
                return log.records(of: function, last: 500).filter { $0.kind == .line && $0.invocation == text }
                    .suffix(20).compactMap(\.message)
            })
    }

    // MARK: Stop

    /// Claims nothing more and gives back what has not begun.
    func drain() async { await core.plane.ask { $0.events?.drain() } }

    /// Ends when the store knows how everything ended, or at the deadline; Redis stops last.
    func stop(milliseconds: Int) async {
        let deadline = SystemClock.monotonic().advanced(byMilliseconds: milliseconds)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            core.plane.tell { dispatcher in
                guard let events = dispatcher.events else { return continuation.resume() }
                events.stop(until: deadline) { continuation.resume() }
            }
        }
        await client.shutdown()
        await server?.stop()
    }

    // MARK: State

    /// What is known of Redis.
    func redisStatus() async -> RedisStatus {
        let (isReady, endpoint, failure) = await core.plane.ask { dispatcher in
            let connection = dispatcher.events?.connection
            return (
                connection?.isReady ?? false, connection.map { "\($0.endpoint)" } ?? "",
                connection?.lastFailure?.description
            )
        }
        guard isReady else { return RedisStatus(state: .down, detail: failure ?? "connecting to \(endpoint)") }
        return RedisStatus(state: .ready, detail: endpoint)
    }

    /// Whether events can be stored now.
    var isReady: Bool { get async { await core.plane.ask { $0.events?.connection.isReady ?? false } } }
}
