/// Where and how the admin API listens.
package struct AdminServerConfiguration: Sendable {
    /// `host` and `port` of the TCP listener (0 is any free port); nil listens on the Unix socket only.
    package var tcp: (host: String, port: Int)?
    /// What the TCP listener asks for. There is no TCP without one.
    package var token: AdminToken?
    /// Bytes of an event that `invoke` takes.
    package var maximumEventBytes = 6 << 20
    /// Connections of each listener.
    package var maximumConnections = 64
    /// How long requests may go on once ``AdminServer/stop()`` was called, in milliseconds.
    package var stopMilliseconds = 2000

    package init() {}
}
