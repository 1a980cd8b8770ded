import HostChecks
import Testing

@Suite("What the engine and Redis are like")
struct EngineTests {
    private static let version = """
        {"Version":"20.10.24+dfsg1","ApiVersion":"1.41","Components":[{"Name":"Engine","Version":"20.10.24"},
        {"Name":"runc","Version":"1.1.5+ds1-1+deb12u1"}]}
        """
    private static let info = """
        {"LiveRestoreEnabled":false,"CgroupVersion":"2","SecurityOptions":["name=seccomp,profile=default","name=userns"]}
        """

    @Test("The engine's own answers are read")
    func facts() throws {
        let facts = try #require(EngineFacts(version: Array(Self.version.utf8), info: Array(Self.info.utf8)))
        #expect(
            facts
                == EngineFacts(
                    version: "20.10.24+dfsg1", apiVersion: "1.41", runcVersion: "1.1.5+ds1-1+deb12u1",
                    remapsUsers: true, cgroupVersion: "2"))
        #expect(EngineFacts(version: Array("no".utf8), info: []) == nil)
    }

    private func severities(_ facts: EngineFacts) -> [String: Severity] {
        let findings = EngineCheck.findings(facts, problem: nil)
        return Dictionary(uniqueKeysWithValues: findings.map { ($0.id, $0.severity) })
    }

    @Test("What its makers mend no more is a warning, what a distribution mends is not")
    func versions() {
        #expect(severities(EngineFacts(version: "28.2.2", apiVersion: "1.50"))["engine"] == .ok)
        #expect(severities(EngineFacts(version: "20.10.24+dfsg1", apiVersion: "1.41"))["engine"] == .ok)
        #expect(severities(EngineFacts(version: "20.10.24", apiVersion: "1.41"))["engine"] == .warn)
        #expect(severities(EngineFacts(version: "19.03.1", apiVersion: "1.40"))["engine"] == .bad)
        #expect(severities(EngineFacts(product: "Podman", version: "4.3.1", apiVersion: "1.41"))["engine"] == .bad)
    }

    @Test(
        "runc is judged by the last escape that is known",
        arguments: [
            ("1.3.3", Severity.ok), ("1.2.8", .ok), ("1.4.0", .ok), ("1.3.2", .bad), ("1.1.12", .bad),
            ("1.1.5+ds1-1+deb12u1", .warn), ("unknown", .warn),
        ])
    func runc(version: String, severity: Severity) {
        let facts = EngineFacts(version: "28.2.2", apiVersion: "1.50", runcVersion: version)
        #expect(severities(facts)["engine.runc"] == severity)
    }

    @Test("live-restore is wanted, userns-remap is not")
    func settings() {
        let good = severities(EngineFacts(version: "28.2.2", apiVersion: "1.50", isLiveRestore: true))
        #expect(good["engine.live-restore"] == .ok && good["engine.userns"] == .ok)
        let other = severities(EngineFacts(version: "28.2.2", apiVersion: "1.50", remapsUsers: true))
        #expect(other["engine.live-restore"] == .warn && other["engine.userns"] == .warn)
    }

    @Test(
        "A runtime out of which no socket can be passed is bad, an unknown one is worth a word",
        arguments: [
            (nil, Severity.ok), ("runc", .ok), ("io.containerd.runc.v2", .ok), ("crun", .ok), ("runsc", .bad),
            ("runsc-kvm", .bad), ("/opt/bin/youki", .warn),
        ] as [(String?, Severity)])
    func runtime(name: String?, severity: Severity) {
        let facts = EngineFacts(version: "28.2.2", apiVersion: "1.50", defaultRuntime: name)
        #expect(severities(facts)["engine.runtime"] == severity)
    }

    @Test("Whether a container was started is told, when that was tried")
    func trial() {
        let facts = EngineFacts(version: "28.2.2", apiVersion: "1.50")
        func trial(_ outcome: EngineTrialOutcome?) -> Finding? {
            EngineCheck.findings(facts, problem: nil, trial: outcome).first { $0.id == "engine.start" }
        }
        #expect(trial(nil) == nil)
        #expect(trial(.started(milliseconds: 300))?.severity == .ok)
        #expect(trial(.failed(reason: "no", fix: "Mend it."))?.severity == .bad)
    }

    @Test(
        "Where AppArmor is on the engine needs its parser",
        arguments: [("Y", true, Severity.ok), ("Y", false, .bad), ("N", false, .ok), (nil, false, .ok)]
            as [(String?, Bool, Severity)])
    func apparmor(enabled: String?, hasParser: Bool, severity: Severity) {
        var files: [String: String] = [:]
        files["/sys/module/apparmor/parameters/enabled"] = enabled
        if hasParser { files["/sbin/apparmor_parser"] = "" }
        #expect(AppArmorCheck.finding(FakeHost.with(files: files)).severity == severity)
    }

    @Test("An engine that does not answer is bad")
    func silence() {
        let findings = EngineCheck.findings(nil, problem: "no socket")
        #expect(findings.map(\.severity) == [.bad])
        #expect(findings.first?.saw.contains("no socket") == true)
    }

    @Test(
        "Glo's own Redis is judged by the configuration that it was given",
        arguments: [
            ("appendonly yes\nappendfsync always\nmaxmemory-policy noeviction\n", Severity.ok),
            ("appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\n", .bad),
            ("appendonly yes\nappendfsync always\nmaxmemory-policy volatile-lru\n", .bad), (nil, .ok),
        ] as [(String?, Severity)])
    func ownRedis(configuration: String?, severity: Severity) {
        #expect(RedisCheck.finding(RedisFacts(.own(configuration: configuration))).severity == severity)
    }

    @Test("A Redis of somebody else is judged by what was asked of it, and any by what the controller says")
    func outsideRedis() {
        func severity(refusals: [String] = [], warnings: [String] = [], trouble: String? = nil) -> Severity {
            let keeper = RedisFacts.Keeper.outside(place: "redis://h:6379", refusals: refusals, warnings: warnings)
            return RedisCheck.finding(RedisFacts(keeper, trouble: trouble)).severity
        }
        #expect(severity() == .ok)
        #expect(severity(warnings: ["It is a node of a cluster."]) == .warn)
        #expect(severity(refusals: ["Its appendonly is no."]) == .bad)
        #expect(severity(trouble: "it is down") == .bad)
    }
}
