import AccessControl
package import ContainerEngine
import Gateway
import LinuxSystem
import Logging
package import Observability

/// What the controller is told by flags, environment and file.
package struct ControllerConfiguration: Sendable {
    /// An address to listen on.
    package struct Address: Sendable, Hashable {
        package var host: String
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// Findings about this machine, as JSON, for the dashboard.
    package var doctor: (@Sendable () async -> [UInt8])?
    package var functionsDirectory: String
    /// Exists or is made, with mode 0700.
    package var stateDirectory: String
    package var listen = Address(host: "127.0.0.1", port: 8080)
    /// A listening socket that somebody else has opened; it goes before ``listen``. Nobody is refused while the controller
    /// is started anew: clients wait in its queue.
    package var inheritedListener: CInt?
    /// TCP for the admin API; nil is the Unix socket only.
    package var adminListen: Address?
    /// `GLO_ADMIN_TOKEN`.
    package var adminToken: String?
    /// `GLO_ADMIN_ACCESS_KEY_ID` and `GLO_ADMIN_SECRET_ACCESS_KEY`.
    package var adminAccessKey: AccessKey?
    /// The process's environment, for what names the engine (`DOCKER_HOST`).
    package var environment: [String: String] = [:]
    package var isolation = Isolation.docker
    /// Host path of the static init program.
    package var initPath: String
    /// Share of the host's memory that all workers' containers may add up to, in percent.
    package var memoryBudgetPercent = 80
    /// Containers that are kept started for functions that will need one.
    package var spares = 2
    /// How long running invocations may go on after SIGTERM, in milliseconds.
    package var drainMilliseconds = 30_000
    /// The largest request body in bytes.
    package var maximumBodyBytes = 6 << 20
    /// What request bodies that have arrived in part may hold together.
    package var partialBodyBytes = 256 << 20
    /// Public connections that one address may have at once.
    package var maximumConnectionsPerAddress = 100
    /// Peers whose `X-Forwarded-For` is believed: addresses or CIDR ranges.
    package var trustedProxies: [String] = []
    /// Where events are kept.
    package var redis = RedisChoice.own
    /// Whether a Redis is used that would lose events.
    package var allowsUnsafeRedis = false
    /// Between `glo:{` and `}` in the keys of Redis.
    package var redisNamespace = "default"
    /// Memory of the controller's own Redis in bytes; nil is a quarter of the host's.
    package var redisMemoryBytes: Int?
    package var redisFsync = RedisFsync.always
    /// Private addresses and ranges that results may be sent to.
    package var outboundAllowed: [String] = []
    /// How long a dropped file must stay unchanged until it is taken, in milliseconds.
    package var settleMilliseconds = 500
    package var observation = ObservationSettings()
    /// What swift-metrics reports to; nil when nothing is counted.
    package var registry: MetricsRegistry?
    /// Glo's own version, for `glo status`.
    package var version: String

    package init(functionsDirectory: String, stateDirectory: String, initPath: String, version: String) {
        self.functionsDirectory = functionsDirectory
        self.stateDirectory = stateDirectory
        self.initPath = initPath
        self.version = version
    }
}

extension ControllerConfiguration {
    /// The ranges of ``trustedProxies``, checked.
    func trustedProxyRanges() throws(ControllerError) -> [AddressRange] {
        var ranges: [AddressRange] = []
        for text in trustedProxies {
            guard let range = AddressRange.proxies(text) else {
                throw ControllerError(
                    .configuration, "trustedProxies: '\(text)' is no address and no range of addresses",
                    hint: "write such as 127.0.0.1 or 10.0.0.0/8")
            }
            ranges.append(range)
        }
        return ranges
    }
}

extension ControllerConfiguration {
    /// The keys that differ and take effect only when the controller is started anew.
    package func restartNeeding(since old: ControllerConfiguration) -> [String] {
        let changes: [(String, Bool)] = [
            ("functions", functionsDirectory != old.functionsDirectory),
            ("state", stateDirectory != old.stateDirectory),
            ("listen", listen != old.listen),
            ("adminListen", adminListen != old.adminListen),
            ("adminAccessKeyId", adminAccessKey != old.adminAccessKey),
            ("isolation", isolation != old.isolation),
            ("memoryBudget", memoryBudgetPercent != old.memoryBudgetPercent),
            ("spares", spares != old.spares),
            ("drainTimeout", drainMilliseconds != old.drainMilliseconds),
            ("maxBody", maximumBodyBytes != old.maximumBodyBytes),
            ("bodyMemory", partialBodyBytes != old.partialBodyBytes),
            ("maxConnectionsPerAddress", maximumConnectionsPerAddress != old.maximumConnectionsPerAddress),
            ("trustedProxies", trustedProxies != old.trustedProxies),
            ("redis", redis != old.redis),
            ("redisUnsafe", allowsUnsafeRedis != old.allowsUnsafeRedis),
            ("redisNamespace", redisNamespace != old.redisNamespace),
            ("redisMemory", redisMemoryBytes != old.redisMemoryBytes),
            ("redisAppendfsync", redisFsync != old.redisFsync),
            ("metrics", observation.countsMetrics != old.observation.countsMetrics),
            ("records", observation.records != old.observation.records),
            ("traces", observation.tracesURL != old.observation.tracesURL),
            ("traceSample", observation.sample != old.observation.sample),
            ("outboundAllow", outboundAllowed != old.outboundAllowed),
        ]
        return changes.filter(\.1).map(\.0)
    }
}

extension ControllerConfiguration {
    /// Where this controller's secrets are.
    func vault(_ layout: StateLayout, _ logger: Logger) -> SecretVault {
        SecretVault(stateDirectory: layout.root, keyFile: environment[SecretKey.variable]) { name in
            logger.notice("A secret that was put there by hand has been encrypted", metadata: ["name": "\(name)"])
        }
    }
}
