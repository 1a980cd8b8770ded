/// Where the public listener listens.
package enum GatewayAddress: Hashable, Sendable {
    case host(String, port: Int)
    /// A listening TCP socket that somebody else has opened, such as systemd or an earlier controller. The gateway
    /// owns the descriptor from then on.
    case inherited(descriptor: CInt)
    /// A path at which nothing lies yet.
    case unix(path: String)

    var isUnixSocket: Bool {
        switch self {
        case .unix: true
        case .host, .inherited: false
        }
    }
}
