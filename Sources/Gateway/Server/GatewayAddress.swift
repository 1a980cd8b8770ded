/// Where the public listener listens.
package enum GatewayAddress: Hashable, Sendable {
    case host(String, port: Int)
    /// A listening TCP socket that somebody else has opened, such as systemd or an earlier controller. The gateway
    /// owns the descriptor from then on.
    case inherited(descriptor: CInt)
}
