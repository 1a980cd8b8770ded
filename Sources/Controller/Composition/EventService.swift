import AdminModel
import Dispatch
import EventStore
import FunctionModel
import Glibc
import LinuxSystem
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
    let server: OwnRedis?
    let client: OutboundClient

    // MARK: Start

    /// Starts the controller's own Redis and what uses it. Neither is waited for.
    static func startOwn(_ core: ControllerCore) async throws(ControllerError) -> EventService {
        let server = try OwnRedis(core.configuration, stateDirectory: core.layout.root, logger: core.logger)
        let service = try await start(core, at: server.endpoint, server: server)
        core.plane.tell {
            $0.events?.connection.expectNone(because: RedisError(.unavailable, "Redis is being started."))
        }
        await server.start { change in
            core.plane.tell { dispatcher in
                switch change {
                case .serves(let endpoint): dispatcher.events?.use(endpoint)
                case .away(let reason): dispatcher.events?.connection.expectNone(because: reason)
                }
            }
        }
        return service
    }

    /// Uses somebody else's Redis. One that would lose events is an error; one that does not answer yet is not.
    static func startOutside(_ core: ControllerCore, _ endpoint: RedisEndpoint) async throws(ControllerError)
        -> EventService
    {
        let service = try await start(core, at: endpoint, server: nil)
        let deadline = MonotonicTime.now().advanced(byMilliseconds: 3_000)
        while MonotonicTime.now() < deadline {
            let (isReady, failure) = await core.plane.ask { dispatcher in
                (dispatcher.events?.connection.isReady ?? false, dispatcher.events?.connection.lastFailure)
            }
            if isReady { return service }
            if let failure, failure.code == .refused {
                throw ControllerError(.configuration, failure.message, hint: failure.hint)
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        core.logger.warning("Redis does not answer yet; events are refused until it does")
        return service
    }

    static func start(
        _ core: ControllerCore, at endpoint: RedisEndpoint, server: OwnRedis?
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
                plane.start(isServerKnown: server == nil)
                return nil
            } catch {
                return ControllerError(.system, "\(error)")
            }
        }
        if let failure { throw failure }
        return EventService(core: core, server: server, client: client)
    }

    /// A client of its own for those who do not deliver events. It makes its thread at its first request.
    static func outboundClient(_ configuration: ControllerConfiguration) throws(ControllerError) -> OutboundClient {
        OutboundClient(settings: try outboundSettings(configuration))
    }

    private static func outboundSettings(
        _ configuration: ControllerConfiguration
    ) throws(ControllerError) -> OutboundSettings {
        var ranges: [AddressRange] = []
        for text in configuration.outboundAllowed {
            guard let range = AddressRange(text) else {
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
            ownSecret: try WebhookSecretFile.load(
                core.layout.root, marker: core.marker, damage: core.damage),
            secrets: SecretFiles(vault: core.examination.vault),
            allowsPlainHTTP: outbound.allowsPlainHTTP, unixSeconds: { SystemClock.unixMilliseconds() / 1000 })
        let log = core.log
        let (allowsUnsafe, logger) = (core.configuration.allowsUnsafeRedis, core.logger)
        let setup: @Sendable () -> RedisSetupStep = {
            if ownsStore { return EventLibrary.load() }
            return OutsideRedis.check(allowsUnsafe: allowsUnsafe, logger: logger) { EventLibrary.load() }
        }
        return EventPlaneSettings(
            namespace: core.configuration.redisNamespace, owner: prefix + core.boot, ownerPrefix: prefix,
            ownsStore: ownsStore, setup: setup, signer: signer,
            checkCallback: { url throws(InvocationFailure) in
                do throws(OutboundError) {
                    _ = try DestinationURL(url, allowsPlainHTTP: outbound.allowsPlainHTTP)
                } catch {
                    throw InvocationFailure(.badRequest, error.description)
                }
            },
            logLines: { function, id in
                var filter = LogFilter()
                filter.invocation = id
                // Twenty lines, and the records of the invocation itself among them.
                return log.records(of: function, last: 24, matching: filter).filter { $0.kind == .line }
                    .suffix(20).compactMap(\.message)
            })
    }

    // MARK: Stop

    /// Claims nothing more and gives back what has not begun.
    func drain() async { await core.plane.ask { $0.events?.drain() } }

    /// Ends when the store knows how everything ended, or at the deadline; Redis stops last.
    func stop(milliseconds: Int) async {
        let deadline = MonotonicTime.now().advanced(byMilliseconds: milliseconds)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            core.plane.tell { dispatcher in
                guard let events = dispatcher.events else { return continuation.resume() }
                events.stop(until: deadline) { continuation.resume() }
            }
        }
        await client.shutdown()
        await server?.stop()
    }

    // MARK: Disk

    /// Looks at the disk that the events lie on, each second until it is cancelled: while it is nearly full, nothing new
    /// is accepted, so that what was accepted can still be written.
    func watchDisk() async {
        guard server != nil else { return }
        var disk = DiskGuard()
        while !Task.isCancelled {
            if let reading = try? DiskReading(of: core.layout.root), disk.update(reading) {
                let isLow = disk.isLow
                let free = reading.freeBytes >> 20
                let obstacle = "the disk of the state directory is nearly full (\(free) MiB are free)"
                if isLow {
                    core.logger.error("New events are refused", metadata: ["reason": "\(obstacle)"])
                } else {
                    core.logger.notice("New events are accepted again", metadata: ["freeMiB": "\(free)"])
                }
                core.plane.tell { $0.events?.intake.obstacle = isLow ? obstacle : nil }
            }
            try? await Task.sleep(for: .seconds(1))
        }
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
        guard isReady else {
            return server?.trouble ?? RedisStatus(state: .down, detail: failure ?? "connecting to \(endpoint)")
        }
        let memory = await memory()
        return RedisStatus(
            state: .ready, detail: endpoint, usedMemoryBytes: memory?.integer("used_memory"),
            maxMemoryBytes: memory?.integer("maxmemory").flatMap { $0 > 0 ? $0 : nil })
    }

    private func memory() async -> RedisInfo? {
        await withCheckedContinuation { continuation in
            core.plane.tell { dispatcher in
                guard let connection = dispatcher.events?.connection else { return continuation.resume(returning: nil) }
                connection.send(RedisCommand("INFO", "memory")) { result in
                    continuation.resume(returning: (try? result.get())?.string.map { RedisInfo($0) })
                }
            }
        }
    }

    /// Whether events can be stored now.
    var isReady: Bool { get async { await core.plane.ask { $0.events?.connection.isReady ?? false } } }

    /// Whether nobody has to wait for it any more: events can be stored, or that will take longer.
    var hasSettled: Bool {
        get async {
            if await isReady { return true }
            // It may be ready while the connection is being made.
            return server?.trouble != nil && server?.isAboutToServe == false
        }
    }

    /// What was lost and is still to be told.
    var losses: [String] { server?.losses ?? [] }

    /// Why events are refused although Redis answers; nil when they are not.
    var obstacle: String? { get async { await core.plane.ask { $0.events?.intake.obstacle } } }
}
