import HTTPCodec
import LinuxSystem

/// Who the client is when a trusted proxy speaks for it.
struct ForwardedChain {
    /// The first address, from the right, that no trusted proxy has.
    let source: String
    /// `X-Forwarded-For` as the handler sees it: what came, with the proxy's own address behind it.
    let text: String

    /// Reads `X-Forwarded-For` from right to left: each proxy wrote the address that it saw, so an entry is believed
    /// as long as a trusted proxy stands behind it. What stands left of the first untrusted one is the client's word.
    init(values: [String], peer: String, trusted: [AddressRange]) {
        let entries = values.joined(separator: ",").split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
        var source = peer
        for entry in entries.reversed() {
            guard let bare = Self.address(entry).map({ String($0) }), let address = IPAddress(bare) else { break }
            source = bare
            if !trusted.contains(where: { $0.contains(address) }) { break }
        }
        self.source = source
        text = (entries.map(String.init) + [peer]).joined(separator: ", ")
    }

    private static func trimmed(_ entry: Substring) -> Substring {
        var entry = entry
        while let first = entry.utf8.first, first == 0x20 || first == 0x09 { entry.removeFirst() }
        while let last = entry.utf8.last, last == 0x20 || last == 0x09 { entry.removeLast() }
        return entry
    }

    /// The address without brackets and port.
    private static func address(_ entry: Substring) -> Substring? {
        if entry.first == "[" {
            guard let close = entry.firstIndex(of: "]") else { return nil }
            return entry[entry.index(after: entry.startIndex)..<close]
        }
        let colons = entry.utf8.count { $0 == UInt8(ascii: ":") }
        guard colons == 1, let colon = entry.firstIndex(of: ":") else { return entry }
        return entry[..<colon]
    }
}
