/// Looks at a Redis that is not Glo's own, before an event is entrusted to it.
package enum OutsideRedisCheck {
    typealias Finding = OutsideRedisVerdict.Finding

    package static func verdict(on facts: OutsideRedisFacts) -> OutsideRedisVerdict {
        var verdict = OutsideRedisVerdict()
        checkServer(facts, &verdict)
        // What an unusable one answers to the rest, or does not know how to, says nothing.
        guard !verdict.isUnusable else { return verdict }
        checkRole(facts, &verdict)
        checkEviction(facts, &verdict)
        checkPersistence(facts, &verdict)
        return verdict
    }

    private static func checkServer(_ facts: OutsideRedisFacts, _ verdict: inout OutsideRedisVerdict) {
        guard let info = facts.server.value.map({ RedisInfo($0) }), let text = info["redis_version"],
            let version = RedisVersion(text)
        else {
            verdict.refusals.append(unknown("its version", facts.server, "INFO server"))
            return
        }
        if !version.isSupported {
            verdict.isUnusable = true
            verdict.refusals.append(
                Finding(
                    "It is Redis \(version), which has no Functions.",
                    fix: "Upgrade it to \(RedisVersion.oldestSupported) or later."))
        }
        switch info["redis_mode"] {
        case "sentinel":
            verdict.isUnusable = true
            verdict.refusals.append(
                Finding("It is a Sentinel, which holds no data.", fix: "Name it with a redis-sentinel:// URL."))
        case "cluster":
            verdict.warnings.append(
                Finding(
                    "It is a node of a cluster, and Glo's keys all belong to one node.",
                    fix: "Give the address of the node that owns their slot."))
        default: break
        }
    }

    private static func checkRole(_ facts: OutsideRedisFacts, _ verdict: inout OutsideRedisVerdict) {
        guard let info = facts.replication.value.map({ RedisInfo($0) }), let role = info["role"] else {
            verdict.refusals.append(unknown("whether it is a replica", facts.replication, "INFO replication"))
            return
        }
        guard role != "master" else { return }
        verdict.isUnusable = true
        let primary = info["master_host"].map { " (\($0):\(info["master_port"] ?? "6379"))" } ?? ""
        verdict.refusals.append(
            Finding("It is a replica and takes no writes.", fix: "Give the address of its primary\(primary)."))
    }

    private static func checkEviction(_ facts: OutsideRedisFacts, _ verdict: inout OutsideRedisVerdict) {
        let info = facts.memory.value.map { RedisInfo($0) }
        let settings = facts.settings.value
        guard let policy = settings?["maxmemory-policy"] ?? info?["maxmemory_policy"] else {
            verdict.refusals.append(unknown("maxmemory-policy", facts.settings, "CONFIG GET maxmemory-policy"))
            return
        }
        guard policy != "noeviction" else { return }
        let limit = settings?["maxmemory"].flatMap { Int($0) } ?? info?.integer("maxmemory") ?? 0
        let consequence =
            limit > 0
            ? "when it is full (\(limit >> 20) MiB) it throws accepted events away."
            : "as soon as a maxmemory is set it throws accepted events away."
        verdict.refusals.append(
            Finding(
                "Its maxmemory-policy is \(policy): \(consequence)",
                fix: "Set `maxmemory-policy noeviction` in its configuration."))
    }

    private static func checkPersistence(_ facts: OutsideRedisFacts, _ verdict: inout OutsideRedisVerdict) {
        let info = facts.persistence.value.map { RedisInfo($0) }
        let settings = facts.settings.value
        let enabled = settings?["appendonly"].map { $0 == "yes" } ?? info?["aof_enabled"].map { $0 == "1" }
        if info?["aof_last_write_status"] == "err" {
            verdict.refusals.append(
                Finding("It cannot write its append-only file now.", fix: "See its log; its disk may be full."))
        }
        switch enabled {
        case nil:
            verdict.refusals.append(unknown("appendonly", facts.settings, "CONFIG GET appendonly"))
        case false:
            let snapshots = settings?["save"].map { !$0.isEmpty } ?? false
            let lost = snapshots ? "what came since its last snapshot" : "everything"
            verdict.refusals.append(
                Finding(
                    "Its appendonly is no: it loses \(lost) when it ends.",
                    fix: "Set `appendonly yes` and `appendfsync always` in its configuration."))
        case true:
            checkFlush(facts, &verdict)
        }
    }

    private static func checkFlush(_ facts: OutsideRedisFacts, _ verdict: inout OutsideRedisVerdict) {
        let fix = "Set `appendfsync always` in its configuration."
        switch facts.settings.value?["appendfsync"] {
        case "always": break
        case "everysec":
            verdict.refusals.append(
                Finding(
                    "Its appendfsync is everysec: it loses up to a second of accepted events at a power cut.",
                    fix: fix))
        case let other?:
            verdict.refusals.append(
                Finding(
                    "Its appendfsync is \(other): it loses accepted events at a power cut, half a minute or more.",
                    fix: fix))
        case nil:
            verdict.refusals.append(unknown("appendfsync", facts.settings, "CONFIG GET appendfsync"))
        }
    }

    private static func unknown<Value>(
        _ what: String, _ answer: OutsideRedisFacts.Answer<Value>, _ command: String
    ) -> Finding {
        let said =
            switch answer {
            case .value: "it does not say"
            case .refused(let text): "it answered: \(text)"
            }
        return Finding(
            "It could not be checked: \(what) (\(said)).",
            fix: "Allow Glo's user `\(command)`, or make sure of it yourself.")
    }
}
