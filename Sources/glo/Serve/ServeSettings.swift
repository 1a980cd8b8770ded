import AdminModel
import ContainerEngine
import Controller
import Glibc
import Logging
import Observability

/// What `glo serve` was told, out of flags, environment, file and defaults, in that order, and checked.
struct ServeSettings: Sendable {
    var controller: ControllerConfiguration
    var logLevel: Logger.Level
    var logFormat: LogFormat
    /// Whether standard error is systemd's journal.
    var logsToJournal: Bool

    /// Reads everything. Called again on SIGHUP.
    static func read(_ options: ServeOptions, environment: [String: String]) async throws -> ServeSettings {
        let values = try await SettingValues(options, environment: environment)
        let state = StateDirectory(
            flag: values.text("state"), environment: nil, isRoot: geteuid() == 0)
        var controller = ControllerConfiguration(
            functionsDirectory: values.text("functions") ?? "functions", stateDirectory: state.path,
            initPath: try initPath(), version: GloVersion.current)
        controller.environment = environment
        controller.adminToken = environment["GLO_ADMIN_TOKEN"]
        if let listen = try values.address("listen") { controller.listen = listen }
        controller.adminListen = try values.address("adminListen")
        controller.adminAccessKey = try accessKey(values)
        controller.isolation = try values.choice("isolation", of: Isolation.self) ?? .docker
        controller.memoryBudgetPercent =
            try values.number("memoryBudget", in: 1...100) ?? controller.memoryBudgetPercent
        controller.spares = try values.number("spares", in: 0...64) ?? controller.spares
        controller.drainMilliseconds = try values.milliseconds("drainTimeout") ?? controller.drainMilliseconds
        controller.maximumBodyBytes = try values.bytes("maxBody") ?? controller.maximumBodyBytes
        controller.partialBodyBytes = try values.bytes("bodyMemory") ?? controller.partialBodyBytes
        controller.maximumConnectionsPerAddress =
            try values.number("maxConnectionsPerAddress", in: 1...1_000_000) ?? controller.maximumConnectionsPerAddress
        controller.trustedProxies = values.list("trustedProxies")
        try readEvents(values, into: &controller)
        try readObservation(values, into: &controller)
        let logsToJournal = JournalStream.isConnected(STDERR_FILENO, journalStream: environment["JOURNAL_STREAM"])
        return ServeSettings(
            controller: controller, logLevel: try values.choice("logLevel", of: Logger.Level.self) ?? .info,
            logFormat: try values.choice("logFormat", of: LogFormat.self)
                ?? (logsToJournal || isatty(STDERR_FILENO) == 1 ? .text : .json), logsToJournal: logsToJournal)
    }

    private static func accessKey(_ values: SettingValues) throws -> AccessKey? {
        let (id, secret) = (values.text("adminAccessKeyId"), values.text("adminSecretAccessKey"))
        guard let id, let secret else {
            guard id == nil, secret == nil else {
                throw CommandFailure(.usage, "of adminAccessKeyId and adminSecretAccessKey only one is given")
            }
            return nil
        }
        let key = AccessKey(id: id, secret: secret)
        do throws(AdminServerError) {
            try key.check()
        } catch {
            throw CommandFailure(.usage, "adminAccessKeyId, adminSecretAccessKey: \(error.sentence)")
        }
        return key
    }

    private static func readEvents(_ values: SettingValues, into controller: inout ControllerConfiguration) throws {
        controller.redis = try values.redis("redis") ?? .own
        controller.allowsUnsafeRedis = try values.flag("redisUnsafe") ?? false
        controller.redisNamespace = values.text("redisNamespace") ?? controller.redisNamespace
        controller.redisMemoryBytes = try values.bytes("redisMemory")
        controller.redisFsync = try values.choice("redisAppendfsync", of: RedisFsync.self) ?? .always
        controller.outboundAllowed = values.list("outboundAllow")
    }

    private static func readObservation(
        _ values: SettingValues, into controller: inout ControllerConfiguration
    ) throws {
        controller.observation.countsMetrics = try values.choice("metrics", of: OnOff.self) != .off
        controller.observation.records =
            try values.numberOrOff("records", in: 1...100_000) ?? controller.observation.records
        controller.observation.tracesURL = try values.httpURL("traces")
        controller.observation.sample = try values.share("traceSample") ?? controller.observation.sample
        if controller.observation.countsMetrics { controller.registry = MetricsRegistry(helps: Self.helps) }
    }

    /// What the families mean that are counted through swift-metrics.
    private static let helps = [
        "glo_engine_call_duration_seconds": "How long calls to the container engine took, by call and outcome."
    ]

    /// The static init program lies beside this one.
    static func initPath() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { throw CommandFailure(.failed, "cannot find this program's own path") }
        let own = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let path = String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)]) + "/glo-init"
        guard access(path, X_OK) == 0 else {
            throw CommandFailure(
                .failed, "the init program is not at \(path)",
                hint: "build it: swift build -c release --product glo-init; it has to lie beside glo")
        }
        return path
    }
}
