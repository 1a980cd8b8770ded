import Testing

@testable import RedisServer

@Suite struct OutsideRedisCheckTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout OutsideRedisFacts) -> Void
        /// A part of each refusal's text, in order.
        var refusals: [String] = []
        var warnings: [String] = []
        var isUnusable = false
    }

    static let good = OutsideRedisFacts(
        server: .value("# Server\r\nredis_version:7.2.4\r\nredis_mode:standalone\r\n"),
        persistence: .value("# Persistence\r\naof_enabled:1\r\naof_last_write_status:ok\r\n"),
        memory: .value("# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n"),
        replication: .value("# Replication\r\nrole:master\r\n"),
        settings: .value([
            "maxmemory-policy": "noeviction", "appendonly": "yes", "appendfsync": "always", "save": "",
            "maxmemory": "0",
        ]))

    static func setting(_ name: String, _ value: String) -> @Sendable (inout OutsideRedisFacts) -> Void {
        { facts in
            guard var settings = facts.settings.value else { return }
            settings[name] = value
            facts.settings = .value(settings)
        }
    }

    static let rows: [Row] = [
        Row(testDescription: "as it should be", change: { _ in }),
        Row(
            testDescription: "too old", change: { $0.server = .value("redis_version:6.2.7\r\n") },
            refusals: ["no Functions"], isUnusable: true),
        Row(
            testDescription: "a Sentinel",
            change: { $0.server = .value("redis_version:7.0.0\r\nredis_mode:sentinel\r\n") },
            refusals: ["Sentinel"], isUnusable: true),
        Row(
            testDescription: "a cluster's node",
            change: { $0.server = .value("redis_version:7.0.0\r\nredis_mode:cluster\r\n") }, warnings: ["cluster"]),
        Row(
            testDescription: "a replica",
            change: { $0.replication = .value("role:slave\r\nmaster_host:db1\r\nmaster_port:6380\r\n") },
            refusals: ["db1:6380"], isUnusable: true),
        Row(
            testDescription: "evicts without a limit", change: setting("maxmemory-policy", "allkeys-lru"),
            refusals: ["as soon as a maxmemory is set"]),
        Row(
            testDescription: "evicts at a limit",
            change: {
                setting("maxmemory-policy", "volatile-lru")(&$0)
                setting("maxmemory", "104857600")(&$0)
            }, refusals: ["(100 MiB)"]),
        Row(
            testDescription: "no append-only file", change: setting("appendonly", "no"),
            refusals: ["loses everything"]),
        Row(
            testDescription: "snapshots only",
            change: {
                setting("appendonly", "no")(&$0)
                setting("save", "3600 1")(&$0)
            }, refusals: ["last snapshot"]),
        Row(
            testDescription: "flushes each second", change: setting("appendfsync", "everysec"),
            refusals: ["up to a second of accepted events at a power cut"]),
        Row(
            testDescription: "never flushes", change: setting("appendfsync", "no"), refusals: ["appendfsync is no"]),
        Row(
            testDescription: "its disk is full",
            change: { $0.persistence = .value("aof_enabled:1\r\naof_last_write_status:err\r\n") },
            refusals: ["cannot write its append-only file"]),
        Row(
            testDescription: "CONFIG is refused",
            change: { $0.settings = .refused("ERR unknown command 'CONFIG'") },
            refusals: ["could not be checked: appendfsync (it answered: ERR unknown command 'CONFIG')"]),
        Row(
            testDescription: "CONFIG is refused and INFO tells of eviction and no file",
            change: {
                $0.settings = .refused("NOPERM")
                $0.memory = .value("maxmemory:1048576\r\nmaxmemory_policy:allkeys-lru\r\n")
                $0.persistence = .value("aof_enabled:0\r\n")
            }, refusals: ["(1 MiB)", "appendonly is no"]),
        Row(
            testDescription: "everything is refused",
            change: {
                $0 = OutsideRedisFacts(
                    server: .refused("NOPERM a"), persistence: .refused("NOPERM b"), memory: .refused("NOPERM c"),
                    replication: .refused("NOPERM d"), settings: .refused("NOPERM e"))
            }, refusals: ["its version", "replica", "maxmemory-policy", "appendonly"]),
    ]

    @Test("Whoever would lose events is refused, with the reason and what to do", arguments: rows)
    func verdict(_ row: Row) throws {
        var facts = Self.good
        row.change(&facts)
        let verdict = OutsideRedisCheck.verdict(on: facts)
        try #require(verdict.refusals.count == row.refusals.count, "\(verdict)")
        for (refusal, text) in zip(verdict.refusals, row.refusals) {
            #expect(refusal.reason.contains(text) || refusal.fix.contains(text), "\(refusal)")
            #expect(!refusal.fix.isEmpty)
        }
        try #require(verdict.warnings.count == row.warnings.count)
        for (warning, text) in zip(verdict.warnings, row.warnings) { #expect(warning.reason.contains(text)) }
        #expect(verdict.isUnusable == row.isUnusable)
        #expect(verdict.accepts() == row.refusals.isEmpty)
        #expect(verdict.accepts(unsafe: true) == !row.isUnusable)
        #expect("\(verdict)".contains("--redis-unsafe") == !row.refusals.isEmpty)
    }
}
