/// The container engine: its version, whether containers outlive it, whether it remaps users, what starts its containers,
/// and whether that works.
package enum EngineCheck {
    static let engine = Subject(
        "engine", "Container engine", good: "Docker 24 or later, or a distribution's older one with security updates",
        why: "Every worker is a container. What the engine gets wrong, no function is isolated from.")
    static let liveRestore = Subject(
        "engine.live-restore", "Containers outlive the engine", good: "\"live-restore\": true",
        why: "Otherwise an update of Docker ends every worker and what runs in it.")
    static let users = Subject(
        "engine.userns", "User remapping", good: "off: every worker has a user id of its own already, and no rights",
        why: "With userns-remap a worker's id on the host is another one than Glo chose for its files and sockets.")
    static let runc = Subject(
        "engine.runc", "runc", good: "1.2.8, 1.3.3, 1.4 or later, or a distribution's patched package",
        why: "Older ones let a container out (CVE-2024-21626, CVE-2025-31133, CVE-2025-52565, CVE-2025-52881).")

    static let runtime = Subject(
        "engine.runtime", "Container runtime", good: "runc, the engine's own default",
        why: "Init passes sockets out of the container. Not every runtime lets it, and only runc is tested.")
    static let trial = Subject(
        "engine.start", "A container starts", good: "one was started as a worker's is",
        why: "An engine may answer and start nothing: then no function without a warm worker can be called.")

    package static func findings(
        _ facts: EngineFacts?, problem: String?, trial: EngineTrialOutcome? = nil
    ) -> [Finding] {
        guard let facts else {
            let said = problem.map { ": \($0)" } ?? ""
            let fix = "Start it (systemctl start docker), and put Glo's user into the group docker."
            return [engine.bad("it does not answer\(said)", fix: fix)]
        }
        return [version(facts), liveRestore(facts), users(facts), runtime(facts)]
            + (facts.runcVersion.map { [runc($0)] } ?? []) + (trial.map { [Self.trial($0)] } ?? [])
    }

    static func runtime(_ facts: EngineFacts) -> Finding {
        let name = facts.defaultRuntime ?? "runc"
        let last = name.split(separator: "/").last.map(String.init) ?? name
        switch last {
        case "runc", "io.containerd.runc.v2", "crun": return runtime.ok(last)
        case let other where other.hasPrefix("runsc"):
            return runtime.bad(
                "\(other) (gVisor), out of which init cannot pass its sockets: no worker gets ready",
                fix: "Remove default-runtime from /etc/docker/daemon.json, and restart Docker.")
        default:
            return runtime.warn(
                "\(last), with which Glo is not tested",
                fix: "When workers do not get ready, remove default-runtime from /etc/docker/daemon.json.")
        }
    }

    static func trial(_ outcome: EngineTrialOutcome) -> Finding {
        switch outcome {
        case .started(let milliseconds): trial.ok("it took \(milliseconds) ms")
        case .failed(let reason, let fix):
            trial.bad(reason, fix: fix.isEmpty ? "See the engine's log (journalctl -u docker)." : fix)
        }
    }

    static func version(_ facts: EngineFacts) -> Finding {
        let saw = "\(facts.product) \(facts.version), API \(facts.apiVersion)\(facts.isRootless ? ", rootless" : "")"
        guard facts.product == "Docker" else {
            return engine.bad(saw, fix: "Install Docker: \(facts.product) does not take Glo's containers as they are.")
        }
        guard let api = VersionNumber(facts.apiVersion), api >= VersionNumber(1, 41) else {
            return engine.bad(saw, fix: "Glo needs API 1.41: Docker 20.10.")
        }
        guard let version = VersionNumber(facts.version), version < VersionNumber(24) else {
            return engine.ok(saw)
        }
        if isPackaged(facts.version) { return engine.ok("\(saw): old, and kept safe by the distribution's updates") }
        return engine.warn(
            saw, fix: "Its makers mend it no more. Install docker.io of Debian 12 or later, or docker-ce.")
    }

    static func liveRestore(_ facts: EngineFacts) -> Finding {
        guard facts.product == "Docker" else { return liveRestore.ok("\(facts.product) has no daemon that could end") }
        if facts.isLiveRestore { return liveRestore.ok("on") }
        return liveRestore.warn(
            "off", fix: "Put {\"live-restore\": true} into /etc/docker/daemon.json, then: systemctl reload docker")
    }

    static func users(_ facts: EngineFacts) -> Finding {
        guard facts.remapsUsers else { return users.ok("off") }
        return users.warn("on", fix: "Remove userns-remap from /etc/docker/daemon.json, and restart Docker.")
    }

    static func runc(_ text: String) -> Finding {
        guard let version = VersionNumber(text) else {
            return runc.warn("'\(text)' is no version", fix: "Look for updates of runc.")
        }
        let isMended: Bool =
            switch (version.part(0), version.part(1)) {
            case (1, 2): version >= VersionNumber(1, 2, 8)
            case (1, 3): version >= VersionNumber(1, 3, 3)
            default: version >= VersionNumber(1, 4)
            }
        if isMended { return runc.ok(text) }
        if isPackaged(text) {
            return runc.warn(
                "\(text), a distribution's: its number does not tell which holes are mended",
                fix: "Keep it up to date (apt-get install --only-upgrade runc), and see the security tracker.")
        }
        return runc.bad(text, fix: "Upgrade containerd and runc to the newest of your channel.")
    }

    /// Whether a version has a distribution's suffix, such as `20.10.24+dfsg1` or `1.1.5+ds1-1+deb12u1`.
    private static func isPackaged(_ text: String) -> Bool {
        ["+ds", "+deb", "ubuntu", "dfsg"].contains { text.contains($0) }
    }
}
