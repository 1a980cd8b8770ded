import FunctionModel
import Testing

@testable import ContainerEngine

@Suite struct EgressFirewallTests {
    @Test("Resolvers are let through before private ranges are closed")
    func script() {
        let firewall = EgressFirewall(resolverConfigurations: [
            "# c\nnameserver 127.0.0.53\nnameserver 10.0.0.2\nnameserver fe80::1\nsearch x\n", "nameserver 10.0.0.2\n",
        ])
        let lines = firewall.chainScript.split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(5) == [
                "*filter", ":GLO-EGRESS - [0:0]", "-A GLO-EGRESS -d 10.0.0.2/32 -p udp --dport 53 -j RETURN",
                "-A GLO-EGRESS -d 10.0.0.2/32 -p tcp --dport 53 -j RETURN", "-A GLO-EGRESS -d 0.0.0.0/8 -j DROP",
            ])
        for range in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"] {
            #expect(lines.contains("-A GLO-EGRESS -d \(range) -j DROP"))
        }
        #expect(lines.suffix(2) == ["-A GLO-EGRESS -j RETURN", "COMMIT"])
    }

    @Test("Every range that a request may not go to is closed, a cloud's metadata service among them")
    func ranges() {
        let lines = EgressFirewall(resolverConfigurations: ["nameserver 168.63.129.16\n"]).chainScript
            .split(separator: "\n").map(String.init)
        for range in SpecialAddresses.ipv4 { #expect(lines.contains("-A GLO-EGRESS -d \(range.text) -j DROP")) }
        let name = lines.firstIndex(of: "-A GLO-EGRESS -d 168.63.129.16/32 -p udp --dport 53 -j RETURN")
        let service = lines.firstIndex(of: "-A GLO-EGRESS -d 168.63.129.16/32 -j DROP")
        #expect(name ?? .max < service ?? 0)
    }

    @Test(
        "Neighbours are kept apart only where the bridge asks the packet filter",
        arguments: [("1\n", true), ("1", true), ("0\n", false), ("", false), ("11\n", false), ("1 0\n", false)])
    func neighbours(_ text: String, _ isFiltered: Bool) {
        #expect(EgressFirewall.filtersNeighbours(text) == isFiltered)
    }

    @Test("A resolver's name cannot bring in a rule")
    func hostile() {
        let firewall = EgressFirewall(resolverConfigurations: ["nameserver 1.2.3.4/0\nnameserver 1.2.3\nnameserver x"])
        #expect(!firewall.chainScript.contains("RETURN\n-A GLO-EGRESS -d 1."))
        #expect(!firewall.chainScript.contains("dport"))
    }

    @Test("Only the first rule of a chain counts")
    func first() {
        let rule = EgressFirewall.inputRule
        #expect(rule.isFirst(in: "-P INPUT ACCEPT\n-A INPUT -i glo-egress0 -j DROP\n-A INPUT -j ACCEPT\n"))
        #expect(!rule.isFirst(in: "-P INPUT ACCEPT\n-A INPUT -j ACCEPT\n-A INPUT -i glo-egress0 -j DROP\n"))
        #expect(!rule.isFirst(in: "-P INPUT ACCEPT\n"))
    }
}
