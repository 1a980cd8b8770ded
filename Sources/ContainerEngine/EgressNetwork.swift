import CurlClient
import Glibc
import LinuxSystem

/// Glo's bridge for containers with `network: egress`: made when first needed, and checked before every start, since
/// whoever reloads a firewall takes its rules away.
final class EgressNetwork: Sendable {
    private let connection: EngineConnection
    private let turn = StartSemaphore(permits: 1)
    private let programs = BlockingPool(name: "glo-firewall", threads: 1) { () }

    init(connection: EngineConnection) { self.connection = connection }

    /// Makes sure that the bridge is there and closed towards the host, private networks and neighbours.
    /// - Throws: `egressUnavailable` with the reason when that cannot be had; never less than all of it.
    func ensure() async throws(EngineError) {
        try await turn.acquire()
        defer { turn.release() }
        try await ensureNetwork()
        // The rules must be in the network namespace in which the bridge is.
        guard FileKind(path: "/sys/class/net/\(EgressFirewall.bridge)") != nil else {
            throw Self.unavailable(
                "the engine's bridge is not on this host",
                hint: "Use an engine that runs as root on this host, in its network namespace; a rootless one cannot.")
        }
        try await programs.run { _, _ throws(EngineError) in try Self.ensureRules() }
    }

    static func unavailable(_ reason: String, hint: String, cause: String? = nil) -> EngineError {
        EngineError(
            .egressUnavailable, "network: egress is not possible here: \(reason).", hint: hint, cause: cause)
    }

    private static let bridgeOptions = [
        "com.docker.network.bridge.name": EgressFirewall.bridge,
        "com.docker.network.bridge.enable_icc": "false",
        "com.docker.network.bridge.enable_ip_masquerade": "true",
    ]

    private func ensureNetwork() async throws(EngineError) {
        let name = ContainerProfile.egressNetwork
        var response = try await connection.perform(EngineCall(path: "/networks/\(name)"))
        if response.status == 404 {
            let request = CreateNetworkRequest(name: name, options: Self.bridgeOptions)
            let made = try await connection.perform(
                EngineCall(
                    method: "POST", path: "/networks/create", body: try EngineJSON.encode(request),
                    deadline: .create))
            // 409: another controller was quicker.
            guard made.status < 400 || made.status == 409 else {
                throw Self.unavailable(
                    "the engine cannot make the network \(name)", hint: "See its log (`journalctl -u docker`).",
                    cause: DockerEngine.failure(made, subject: name).cause)
            }
            response = try await connection.perform(EngineCall(path: "/networks/\(name)"))
        }
        guard response.status < 400 else { throw DockerEngine.failure(response, subject: name) }
        let network = try EngineJSON.decode(EngineMessages.Network.self, from: response.body)
        guard network.driver == "bridge", network.isIPv6Enabled != true,
            Self.bridgeOptions.allSatisfy({ network.options?[$0.key] == $0.value })
        else {
            throw Self.unavailable(
                "the engine has a network \(name) that is not Glo's",
                hint: "Remove it, Glo makes it anew: `docker network rm \(name)`.")
        }
    }

    private static func ensureRules() throws(EngineError) {
        guard EgressFirewall.filtersNeighbours(ProcFile.text(EgressFirewall.neighbourSwitch)) else {
            throw unavailable(
                "its containers could reach each other: net.bridge.bridge-nf-call-iptables is not 1",
                hint: "Run `modprobe br_netfilter` and `sysctl net.bridge.bridge-nf-call-iptables=1`, and see who else "
                    + "sets it in /etc/sysctl.d.")
        }
        let wayOut = "Install iptables and run Glo as root, with the engine's iptables support on."
        guard let iptables = program("iptables"), let restore = program("iptables-restore") else {
            throw unavailable("there is no iptables to close its bridge with", hint: wayOut)
        }
        let resolvers = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"].map { ProcFile.text($0) }
        let firewall = EgressFirewall(resolverConfigurations: resolvers)
        let replaced = ProgramRun.run(restore, ["--noflush", "--wait", "5"], input: firewall.chainScript)
        guard let replaced, replaced.isSuccess else {
            throw unavailable("its packet filter rules cannot be set", hint: wayOut, cause: replaced?.output)
        }
        try ensureFirst(EgressFirewall.forwardRule, iptables)
        try ensureFirst(EgressFirewall.inputRule, iptables)
        // Containers have no IPv6 there, but the bridge has a link-local address of the host's.
        guard FileKind(path: "/proc/sys/net/ipv6") != nil else { return }
        guard let iptables6 = program("ip6tables") else {
            throw unavailable("there is no ip6tables to close its bridge with", hint: wayOut)
        }
        try ensureFirst(EgressFirewall.inputRule, iptables6)
    }

    private static func ensureFirst(_ rule: EgressFirewall.FirstRule, _ iptables: String) throws(EngineError) {
        let listing = ProgramRun.run(iptables, ["-w", "5", "-S", rule.chain])
        if let listing, listing.isSuccess, rule.isFirst(in: listing.output) { return }
        // An older one further down does no harm, but would pile up.
        _ = ProgramRun.run(iptables, ["-w", "5", "-D", rule.chain] + rule.words)
        let inserted = ProgramRun.run(iptables, ["-w", "5", "-I", rule.chain, "1"] + rule.words)
        guard let inserted, inserted.isSuccess else {
            throw unavailable(
                "the packet filter has no chain \(rule.chain) to close its bridge with",
                hint: "Run Glo as root, with the engine's iptables support on.", cause: inserted?.output)
        }
    }

    private static func program(_ name: String) -> String? {
        ["/usr/sbin/", "/sbin/", "/usr/local/sbin/", "/usr/bin/"].map { $0 + name }.first { access($0, X_OK) == 0 }
    }
}
