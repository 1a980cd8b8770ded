/// What of this machine others can reach.
package enum ListenersCheck {
    static let subject = Subject(
        "listeners", "Open to the network", good: "the proxy's 80 and 443, and ssh",
        why: "Whoever reaches the Docker API or a Redis without a password owns the machine.")

    /// Ports that must never be open to others, and what listens there.
    private static let dangerous = [
        2375: "the Docker API without TLS", 2376: "the Docker API", 6379: "Redis", 26379: "Redis Sentinel",
        11211: "memcached",
    ]

    package static func finding(_ source: HostSource, _ facts: GloFacts) -> Finding {
        let texts = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { source.text($0) }
        guard !texts.isEmpty else { return subject.warn("/proc/net/tcp cannot be read", fix: "Run it as root.") }
        let open = ListeningSocket.parse(texts).filter { $0.reach != .loopback }
        let ports = Set(open.map(\.port))
        let saw = open.isEmpty ? "nothing" : "ports " + open.map { String($0.port) }.joined(separator: ", ")
        let bad = dangerous.filter { ports.contains($0.key) }.sorted { $0.key < $1.key }
        if !bad.isEmpty {
            let list = bad.map { "\($0.key) is \($0.value)" }.joined(separator: ", ")
            return subject.bad(
                "\(saw); \(list)", fix: "Bind it to 127.0.0.1 or a Unix socket, or close it in the firewall.")
        }
        if let port = port(facts.adminAddress), ports.contains(port) {
            return subject.bad(
                "\(saw); \(port) is Glo's admin API", fix: "Let adminListen be 127.0.0.1:\(port), or leave it out.")
        }
        if let port = port(facts.publicAddress), ports.contains(port) {
            return subject.warn(
                "\(saw); \(port) is Glo itself, without TLS",
                fix: "Let it listen on 127.0.0.1 and put nginx in front: `glo nginx`.")
        }
        return subject.ok(saw)
    }

    private static func port(_ address: String?) -> Int? {
        address.flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
    }
}
