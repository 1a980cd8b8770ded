/// Where a connection that is kept up stands.
package enum RedisConnectionState: Sendable, Hashable {
    /// Not started.
    case idle
    /// Looks for the server and connects.
    case connecting
    /// Logs in, and runs its owner's setup.
    case settingUp
    /// Commands can be sent.
    case ready
    /// Waits before it connects again.
    case backingOff
    /// Closed by its owner, for good.
    case closed
}
