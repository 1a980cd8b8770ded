import HostChecks
import Testing

@Suite("What Glo has and shows here")
struct GloTests {
    private func facts(_ functions: [FunctionFacts] = []) -> GloFacts {
        var facts = GloFacts(stateDirectory: "/s", functionsDirectory: "/f")
        facts.functions = functions
        return facts
    }

    @Test("Memory tells how many workers fit, and warns when the maxima do not")
    func memory() {
        let host = FakeHost.with(memoryBytes: 4 << 30)
        let empty = MemoryCheck.finding(host, facts())
        #expect(empty.severity == .ok && empty.saw.contains("fits 24 workers of 128 MiB"))
        let small = FunctionFacts(name: "small", memoryBytes: 128 << 20, maxWorkers: 4)
        let large = FunctionFacts(name: "large", memoryBytes: 1 << 30, maxWorkers: 8)
        let finding = MemoryCheck.finding(host, facts([small, large]))
        #expect(finding.severity == .warn)
        #expect(finding.saw.contains("fits 3 workers of large's 1 GiB, or 25 of 128 MiB"))
        let huge = FunctionFacts(name: "huge", memoryBytes: 4 << 30)
        #expect(MemoryCheck.finding(host, facts([huge])).severity == .bad)
        let kept = FunctionFacts(name: "kept", memoryBytes: 1 << 30, minWorkers: 4, maxWorkers: 4)
        #expect(MemoryCheck.finding(host, facts([kept])).severity == .bad)
    }

    private static let tcp = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
           1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
           2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
        """
    private static let tcp6 = """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm
           0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000
           1: 00000000000000000000000001000000:18EB 00000000000000000000000000000000:0000 0A 00000000:00000000
           2: 0000000000000000FFFF00000100007F:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000
        """

    @Test("Listening sockets are read with their reach")
    func sockets() {
        #expect(
            ListeningSocket.parse([Self.tcp, Self.tcp6]) == [
                ListeningSocket(port: 22, reach: .everywhere), ListeningSocket(port: 443, reach: .everywhere),
                ListeningSocket(port: 3000, reach: .loopback), ListeningSocket(port: 6379, reach: .loopback),
                ListeningSocket(port: 8080, reach: .loopback),
            ])
    }

    @Test("ssh and the proxy may be open; the Docker API, Redis and the admin API may not; Glo itself is a warning")
    func listeners() {
        func severity(_ change: (inout GloFacts) -> Void = { _ in }, open port: String? = nil) -> Severity {
            var facts = facts()
            change(&facts)
            let more = port.map { "\n   9: 00000000:\($0) 00000000:0000 0A 0:0" } ?? ""
            let host = FakeHost.with(files: ["/proc/net/tcp": Self.tcp + more, "/proc/net/tcp6": Self.tcp6])
            return ListenersCheck.finding(host, facts).severity
        }
        #expect(severity() == .ok)
        #expect(severity(open: "0947") == .bad)
        #expect(severity(open: "18EB") == .bad)
        #expect(severity({ $0.adminAddress = "0.0.0.0:9000" }, open: "2328") == .bad)
        #expect(severity({ $0.publicAddress = "0.0.0.0:8080" }, open: "1F90") == .warn)
    }

    @Test("Modes that are too wide are bad, and mending them is what the finding says")
    func stateModes() {
        let tight = [
            "/s": PathStatus(kind: .directory, mode: 0o711), "/s/logs": PathStatus(kind: .directory, mode: 0o700),
            "/s/admin.sock": PathStatus(kind: .other, mode: 0o600),
        ]
        #expect(StateModesCheck.finding(FakeHost.with(modes: tight), "/s").severity == .ok)
        #expect(StateModesCheck.finding(FakeHost.with(), "/s").severity == .ok)
        var wide = tight
        wide["/s/admin.token"] = PathStatus(kind: .file, mode: 0o644)
        let finding = StateModesCheck.finding(FakeHost.with(modes: wide), "/s")
        #expect(finding.severity == .bad)
        #expect(finding.mend == .modes([Mend.PathMode(path: "/s/admin.token", mode: 0o600)]))
    }

    @Test("What others may change among the functions is bad, down to the files of a directory")
    func functionModes() {
        let modes = [
            "/f": PathStatus(kind: .directory, mode: 0o755), "/f/a": PathStatus(kind: .file, mode: 0o755),
            "/f/b": PathStatus(kind: .directory, mode: 0o755), "/f/b/bootstrap": PathStatus(kind: .file, mode: 0o775),
        ]
        let host = FakeHost.with(modes: modes, entries: ["/f": ["a", "b"], "/f/b": ["bootstrap"]])
        let finding = FunctionsModesCheck.finding(host, "/f")
        #expect(finding.severity == .bad)
        #expect(finding.mend == .modes([Mend.PathMode(path: "/f/b/bootstrap", mode: 0o755)]))
        let good = FakeHost.with(modes: modes, entries: ["/f": ["a"]])
        #expect(FunctionsModesCheck.finding(good, "/f").severity == .ok)
        #expect(FunctionsModesCheck.finding(FakeHost.with(), "/f").severity == .warn)
    }

    @Test("Residency names every place that bytes can go")
    func residency() {
        var facts = facts([
            FunctionFacts(
                name: "send", memoryBytes: 1, hasEgress: true, image: "registry.example.org/send:1",
                destinations: ["https://hooks.example.com/x?y"],
                keySets: ["https://issuer.example.com/jwks"], allowsCallbacks: true),
            FunctionFacts(name: "stay", memoryBytes: 1, image: "debian:bookworm-slim"),
        ])
        facts.location = "Oslo, Norway"
        facts.tracesURL = "http://collector.example.com:4318/v1/traces"
        facts.redis = RedisFacts(.outside(place: "redis://10.0.0.7:6379", refusals: [], warnings: []))
        let findings = ResidencyCheck.findings(facts)
        func saw(_ id: String) -> String? { findings.first { $0.id == "residency.\(id)" }?.saw }
        #expect(saw("location") == "Oslo, Norway")
        #expect(saw("egress") == "send")
        #expect(saw("destinations") == "send -> hooks.example.com")
        #expect(saw("callbacks") == "send")
        #expect(saw("keys") == "send <- issuer.example.com")
        #expect(saw("traces")?.hasPrefix("collector.example.com:4318:") == true)
        #expect(saw("images") == "send <- registry.example.org, stay <- docker.io")
        #expect(findings.first { $0.id == "residency.redis" }?.severity == .warn)
    }
}
