import LinuxSystem

/// The URL of an event's destination or of a callback, checked: whoever names it shall not be able to hide in it where
/// the request goes. What is sent is put together from the parts, so that libcurl reads it as it was read here.
///
/// Only form is checked; whether the host's addresses may be connected to says ``OutboundAddressRule``, at the socket.
package struct DestinationURL: Sendable, Hashable, CustomStringConvertible {
    package static let maxBytes = 2048

    package let isSecure: Bool
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// From the first slash, with the query.
    package let target: String

    /// Takes `https://host[:port][/path][?query]`, in ASCII.
    ///
    /// - Parameter allowsPlainHTTP: takes `http` too. For tests, and for networks that need no secrecy.
    package init(_ text: String, allowsPlainHTTP: Bool = false) throws(OutboundError) {
        guard text.utf8.count <= Self.maxBytes else {
            throw .invalidURL("The URL has more than \(Self.maxBytes) bytes.", "Shorten it.")
        }
        // A backslash is a slash to some readers and not to others.
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw .invalidURL(
                "The URL has a space, a backslash or a character that is not ASCII.", "Write it percent-encoded.")
        }
        guard !text.utf8.contains(UInt8(ascii: "#")) else {
            throw .invalidURL("The URL has a fragment.", "Leave out # and what follows; it is never sent.")
        }
        let (isSecure, rest) = try Self.scheme(of: text, allowsPlainHTTP)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let (host, port) = try Self.authority(rest[..<end], defaultPort: isSecure ? 443 : 80)
        self.isSecure = isSecure
        self.host = host
        self.port = port
        target = (rest[end...].first == "/" ? "" : "/") + rest[end...]
    }

    /// `host:port`, as requests are counted by.
    package var authority: String { (host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host) + ":\(port)" }

    /// The whole URL, with its port.
    package var description: String { "\(isSecure ? "https" : "http")://\(authority)\(target)" }

    /// Scheme, host and port: what may stand in a log, for the path and the query of a webhook are often its password.
    package var origin: String { "\(isSecure ? "https" : "http")://\(authority)" }

    private static func scheme(
        of text: String, _ allowsPlainHTTP: Bool
    ) throws(OutboundError) -> (isSecure: Bool, rest: Substring) {
        let lower = text.lowercased()
        if lower.hasPrefix("https://") { return (true, text.dropFirst(8)) }
        guard lower.hasPrefix("http://") else {
            throw .invalidURL("The URL does not begin with https://.", "Write it as https://host/path.")
        }
        guard allowsPlainHTTP else {
            throw .invalidURL("The URL is of plain http.", "Use https; events are not sent in the clear.")
        }
        return (false, text.dropFirst(7))
    }

    private static func authority(
        _ text: Substring, defaultPort: Int
    ) throws(OutboundError) -> (host: String, port: Int) {
        guard !text.utf8.contains(UInt8(ascii: "@")) else {
            throw .invalidURL(
                "The URL has a user name or password in it.", "Send it as a header field; URLs end up in logs.")
        }
        let isBracketed = text.first == "["
        let hostEnd = isBracketed ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":")
        let name = text[..<(hostEnd ?? text.endIndex)]
        let host = (isBracketed ? String(name.dropFirst().dropLast()) : String(name)).lowercased()
        guard isBracketed ? isAddress6(host, name) : isHost(host) else {
            throw .invalidURL("The URL's host '\(host)' is none.", "Write a name such as example.com, or an address.")
        }
        let rest = text[name.endIndex...]
        return (host, try port(rest, default: defaultPort))
    }

    private static func port(_ text: Substring, default standard: Int) throws(OutboundError) -> Int {
        guard !text.isEmpty else { return standard }
        let digits = text.dropFirst()
        guard text.first == ":", digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits),
            (1...65_535).contains(port)
        else { throw .invalidURL("The URL's port is not one of 1 to 65535.", "Write it as https://host:8443/path.") }
        guard !otherProtocols.contains(port) else {
            throw .invalidURL(
                "Port \(port) belongs to another protocol than HTTP.", "Let the receiver listen on another port.")
        }
        return port
    }

    private static func isAddress6(_ host: String, _ bracketed: Substring) -> Bool {
        guard bracketed.last == "]", case .v6? = IPAddress(host) else { return false }
        return true
    }

    /// A name of letters, digits, hyphens and underscores, or four decimal numbers.
    private static func isHost(_ host: String) -> Bool {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, let last = labels.last else { return false }
        for label in labels {
            guard (1...63).contains(label.count), label.allSatisfy(isHostByte) else { return false }
        }
        // What ends in a number is an address to many a resolver, in forms such as 0x7f.1 and 2130706433.
        guard last.allSatisfy({ (48...57).contains($0) }) || last.starts(with: "0x".utf8) else { return true }
        return IPAddress(host) != nil
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Ports where something listens that takes lines of HTTP for commands.
    private static let otherProtocols: Set<Int> = [
        1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 79, 109, 110, 111, 113, 119, 123, 135,
        137, 139, 143, 161, 179, 389, 445, 465, 512, 513, 514, 515, 540, 554, 587, 636, 873, 993, 995, 2049, 2375, 2379,
        3306, 3389, 5060, 5061, 5432, 5672, 6000, 6379, 11211, 27017,
    ]
}
