import HTTPCodec
import LinuxSystem
import NIOCore

/// The other end of a connection, with what is said about it to handlers, made once.
struct Peer {
    /// The address as text; `unix` for a Unix socket.
    let text: String
    let address: IPAddress?
    /// Whether its `X-Forwarded-*` fields are believed.
    let isTrusted: Bool
    let localPort: Int
    /// `X-Forwarded-For`, `-Proto` and `-Port` as they are for a client without a proxy.
    let forwarded: HTTPFields

    init(remote: SocketAddress?, local: SocketAddress?, trusted: [AddressRange]) {
        let address = remote.flatMap { IPAddress($0) }
        let text = remote?.ipAddress ?? "unix"
        let localPort = local?.port ?? 80
        self.text = text
        self.address = address
        self.localPort = localPort
        isTrusted = address.map { address in trusted.contains { $0.contains(address) } } ?? false
        forwarded = Self.forwarded(for: text, proto: "http", port: "\(localPort)")
    }

    static func forwarded(for source: String, proto: String, port: String) -> HTTPFields {
        HTTPFields([("x-forwarded-for", source), ("x-forwarded-proto", proto), ("x-forwarded-port", port)])
    }
}
