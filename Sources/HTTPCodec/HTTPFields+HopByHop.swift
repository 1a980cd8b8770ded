import NIOCore

extension HTTPFields {
    /// Removes what concerns one connection only and must not be passed on (RFC 9110, 7.6.1): Connection and all that
    /// it names, Keep-Alive, Proxy-Connection, TE, Trailer, Transfer-Encoding and Upgrade.
    package mutating func removeHopByHop() {
        let named = connectionNames()
        guard entries.contains(where: { isHopByHop($0, named: named) }) else { return }
        removeAll { name, _ in Self.isHopByHop(name) || Self.isNamed(name, in: named) }
    }

    /// The lower-case names that Connection lists, without its own options.
    private func connectionNames() -> [[UInt8]] {
        var names: [[UInt8]] = []
        forEachBytes { name, value in
            guard name.count == 10, ASCII.equalIgnoringCase(name, "connection") else { return }
            HTTPTokenList.forEach(in: value) { token in
                guard !ASCII.equalIgnoringCase(token, "close"), !ASCII.equalIgnoringCase(token, "keep-alive") else {
                    return
                }
                names.append(token.map { ASCII.lower($0) })
            }
        }
        return names
    }

    private func isHopByHop(_ entry: Entry, named: [[UInt8]]) -> Bool {
        storage.withVeryUnsafeBytes { bytes in
            let start = Int(entry.nameStart)
            let name = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(entry.nameLength)])
            return Self.isHopByHop(name) || Self.isNamed(name, in: named)
        }
    }

    private static func isNamed(_ name: UnsafeRawBufferPointer, in named: [[UInt8]]) -> Bool {
        named.contains { other in other.withUnsafeBytes { ASCII.equalIgnoringCase(name, $0) } }
    }

    private static func isHopByHop(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 2: ASCII.equalIgnoringCase(name, "te")
        case 7: ASCII.equalIgnoringCase(name, "trailer") || ASCII.equalIgnoringCase(name, "upgrade")
        case 10: ASCII.equalIgnoringCase(name, "connection") || ASCII.equalIgnoringCase(name, "keep-alive")
        case 16: ASCII.equalIgnoringCase(name, "proxy-connection")
        case 17: ASCII.equalIgnoringCase(name, "transfer-encoding")
        default: false
        }
    }
}
