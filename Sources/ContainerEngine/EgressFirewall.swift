private import FunctionModel

/// The packet filter rules of Glo's bridge for outgoing connections, as values.
///
/// What comes from the bridge may go to public addresses and to the host's resolvers, and nowhere else: not to this
/// host (an INPUT rule), not to private networks (rules in FORWARD), not to another container (the bridge's own setting).
package struct EgressFirewall: Sendable, Hashable {
    package static let bridge = "glo-egress0"
    static let chain = "GLO-EGRESS"
    /// Docker runs FORWARD through it before all rules of its own, and leaves its contents alone.
    static let userChain = "DOCKER-USER"

    /// Resolvers that containers are pointed at.
    var resolvers: [String]

    /// - Parameter resolverConfigurations: texts in the form of resolv.conf(5).
    package init(resolverConfigurations: [String]) {
        var found: [String] = []
        for text in resolverConfigurations {
            for line in text.split(separator: "\n") {
                let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
                guard words.count >= 2, words[0] == "nameserver", Self.isIPv4(words[1]), !words[1].hasPrefix("127.")
                else { continue }
                if !found.contains(String(words[1])) { found.append(String(words[1])) }
            }
        }
        resolvers = found
    }

    /// Input of `iptables-restore --noflush`: naming the chain empties it, so that it is replaced in one step.
    package var chainScript: String {
        var lines = ["*filter", ":\(Self.chain) - [0:0]"]
        for resolver in resolvers {
            lines.append("-A \(Self.chain) -d \(resolver)/32 -p udp --dport 53 -j RETURN")
            lines.append("-A \(Self.chain) -d \(resolver)/32 -p tcp --dport 53 -j RETURN")
        }
        for range in SpecialAddresses.ipv4 { lines.append("-A \(Self.chain) -d \(range.text) -j DROP") }
        return (lines + ["-A \(Self.chain) -j RETURN", "COMMIT", ""]).joined(separator: "\n")
    }

    /// A rule that must be the first of its chain.
    package struct FirstRule: Sendable, Hashable {
        package var chain: String
        package var words: [String]

        /// Reads what `iptables -S CHAIN` prints.
        package func isFirst(in listing: String) -> Bool {
            let first = listing.split(separator: "\n").first { $0.hasPrefix("-A \(chain) ") }
            return first.map { $0.split(separator: " ").map(String.init) } == ["-A", chain] + words
        }
    }

    /// Nothing from the bridge reaches this host.
    package static let inputRule = FirstRule(chain: "INPUT", words: ["-i", bridge, "-j", "DROP"])
    package static let forwardRule = FirstRule(chain: userChain, words: ["-i", bridge, "-j", chain])

    /// Says whether what one container sends to another on a bridge passes the packet filter at all. Only with this is the
    /// bridge's own setting, that they may not reach each other, carried out.
    package static let neighbourSwitch = "/proc/sys/net/bridge/bridge-nf-call-iptables"

    /// Reads the text of ``neighbourSwitch``; it is empty where the kernel's module is not loaded.
    package static func filtersNeighbours(_ text: String) -> Bool {
        text.split(whereSeparator: \.isWhitespace) == ["1"]
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
