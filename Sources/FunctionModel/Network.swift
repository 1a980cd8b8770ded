/// Which network a function's containers see.
package enum Network: String, Hashable, Sendable, CaseIterable {
    /// Loopback only.
    case none
    /// Outgoing connections.
    case egress
}
