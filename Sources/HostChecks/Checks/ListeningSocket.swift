/// One TCP socket that listens, as /proc/net/tcp and tcp6 list it (proc(5)).
package struct ListeningSocket: Hashable, Sendable, Comparable {
    /// Whom it takes connections from.
    package enum Reach: Hashable, Sendable, Comparable {
        /// Programs of this machine.
        case loopback
        case oneAddress
        case everywhere
    }

    package var port: Int
    package var reach: Reach

    package init(port: Int, reach: Reach) {
        self.port = port
        self.reach = reach
    }

    package static func < (a: Self, b: Self) -> Bool { (a.port, a.reach) < (b.port, b.reach) }

    private static let listening = "0A"

    /// The listening ones, each port once with its widest reach.
    package static func parse(_ texts: [String]) -> [ListeningSocket] {
        var widest: [Int: Reach] = [:]
        for text in texts {
            for line in text.split(separator: "\n").dropFirst() {
                guard let socket = socket(line) else { continue }
                widest[socket.port] = max(widest[socket.port] ?? .loopback, socket.reach)
            }
        }
        return widest.map { ListeningSocket(port: $0.key, reach: $0.value) }.sorted()
    }

    private static func socket(_ line: Substring) -> ListeningSocket? {
        let words = line.split(separator: " ")
        guard words.count > 3, words[3] == listening else { return nil }
        let parts = words[1].split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1], radix: 16) else { return nil }
        return ListeningSocket(port: port, reach: reach(String(parts[0])))
    }

    /// Addresses are words of 32 bits in the byte order of the machine, here a little-endian one.
    private static func reach(_ address: String) -> Reach {
        let mapped = "0000000000000000FFFF0000"
        let isMapped = address.hasPrefix(mapped)
        let text = isMapped ? String(address.dropFirst(mapped.count)) : address
        if text.allSatisfy({ $0 == "0" }) { return .everywhere }
        if text.count == 8 { return text.hasSuffix("7F") ? .loopback : .oneAddress }
        return text == "00000000000000000000000001000000" ? .loopback : .oneAddress
    }
}
