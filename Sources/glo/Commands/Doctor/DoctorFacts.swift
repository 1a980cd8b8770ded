import AdminModel
import ArgumentParser
import Controller
import FunctionModel
import Glibc
import HostChecks
import RedisClient
import RedisServer

/// Collects what the doctor judges: from the configuration, from the functions directory, from a running controller.
enum DoctorFacts {
    static let defaultConfiguration = "/etc/glo/glo.yaml"

    /// - Parameters:
    ///   - state: what `--state` says.
    ///   - functions: what `--functions` says.
    ///   - startsContainer: whether the engine is tried, and not only asked.
    static func read(
        config: String?, state: String?, functions: String?, environment: [String: String], startsContainer: Bool
    ) async throws -> GloFacts {
        let values = try await configuration(config, environment)
        let directory = StateDirectory(flag: state ?? values.text("state"), environment: nil, isRoot: geteuid() == 0)
        let client = AdminClient(state: directory)
        let status = try? client.get(AdminPath.status, timeoutMilliseconds: 3000, as: ControllerStatus.self).document
        var facts = GloFacts(
            stateDirectory: status?.stateDirectory ?? absolute(directory.path),
            functionsDirectory: functions ?? status?.functionsDirectory
                ?? absolute(values.text("functions") ?? "functions"))
        facts.controllerPID = status?.pid
        fill(&facts, values, status)
        facts.functions = FunctionFactsReader.read(facts.functionsDirectory)
        facts.redis = try await redis(values, facts, status == nil ? nil : client, used: status?.redis)
        let engine = EngineQuestion.ask(environment: environment)
        facts.engine = engine.facts
        facts.engineProblem = engine.problem
        if startsContainer, engine.facts != nil { facts.engineTrial = await EngineTrial.run(environment: environment) }
        return facts
    }

    static func configuration(_ path: String?, _ environment: [String: String]) async throws -> SettingValues {
        var options = try ServeOptions.parse([])
        options.config = path ?? environment["GLO_CONFIG"]
        if options.config == nil, access(defaultConfiguration, R_OK) == 0 { options.config = defaultConfiguration }
        return try await SettingValues(options, environment: environment)
    }

    private static func fill(_ facts: inout GloFacts, _ values: SettingValues, _ status: ControllerStatus?) {
        let listeners = status?.listeners ?? []
        facts.publicAddress =
            listeners.first { $0.role == "public" }?.address ?? values.text("listen") ?? facts.publicAddress
        facts.adminAddress =
            listeners.first { $0.role == "admin" && !$0.address.hasPrefix("unix:") }?.address
            ?? values.text("adminListen")
        facts.memoryBudgetPercent = (try? values.number("memoryBudget", in: 1...100)) ?? facts.memoryBudgetPercent
        facts.redisMemoryBytes = try? values.bytes("redisMemory")
        facts.trustedProxies = values.list("trustedProxies")
        facts.outboundAllowed = values.list("outboundAllow")
        facts.location = values.text("location")
        facts.tracesURL = (try? values.httpURL("traces")) ?? nil
    }

    private static func redis(
        _ values: SettingValues, _ facts: GloFacts, _ client: AdminClient?, used: RedisStatus?
    ) async throws -> RedisFacts {
        var trouble: String?
        if let client, let queue = try? client.get(AdminPath.queue, timeoutMilliseconds: 3000, as: QueueStatus.self) {
            let redis = queue.document.redis
            if redis.state == .down { trouble = redis.detail ?? "it is down" }
            if redis.state == .off { return RedisFacts(.off) }
        }
        switch try values.redis("redis") ?? .own {
        case .off: return RedisFacts(.off)
        case .own:
            // The controller may have been started with another --redis than is known here.
            if let place = used?.detail, used?.state == .ready, !place.contains(facts.stateDirectory) {
                return await outside(place)
            }
            let text = HostSource.system.text("\(facts.stateDirectory)/redis/redis.conf")
            let damages = client == nil ? EventLosses.damages(state: facts.stateDirectory) : []
            return RedisFacts(
                .own(configuration: text), trouble: trouble ?? damages.first,
                losses: EventLosses.told(state: facts.stateDirectory))
        case .outside(let endpoint):
            let report = await OutsideRedisInspection.report(on: endpoint)
            return RedisFacts(
                .outside(place: "\(endpoint)", refusals: report.refusals, warnings: report.warnings),
                trouble: trouble ?? report.problem)
        }
    }

    /// What the running controller uses, as it names it: without a password.
    private static func outside(_ place: String) async -> RedisFacts {
        guard let endpoint = try? RedisEndpoint(url: place) else { return RedisFacts(.reported(place: place)) }
        let report = await OutsideRedisInspection.report(on: endpoint)
        guard report.problem == nil else { return RedisFacts(.reported(place: place)) }
        return RedisFacts(.outside(place: place, refusals: report.refusals, warnings: report.warnings))
    }

    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        guard let resolved = realpath(path, nil) else {
            guard let here = getcwd(nil, 0) else { return path }
            defer { free(here) }
            return "\(String(cString: here))/\(path)"
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
