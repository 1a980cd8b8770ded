package import AccessControl

/// Where and how the admin API listens.
package struct AdminServerConfiguration: Sendable {
    /// `host` and `port` of the TCP listener (0 is any free port); nil listens on the Unix socket only.
    package var tcp: (host: String, port: Int)?
    /// What the TCP listener asks for, besides the access keys. There is no TCP without a token or a key.
    package var token: AdminToken?
    /// There is a token, which cannot be read: nobody is let in by it.
    package var hasDamagedToken = false
    /// An access key that is not in the state directory's file.
    package var accessKey: AccessKey?
    /// Bearer tokens with scopes.
    package var tokens: AccessTokens?
    /// Where changes are written down.
    var audit: AuditTrail?
    /// Findings about this machine, as JSON, for the dashboard.
    package var doctor: (@Sendable () async -> [UInt8])?
    /// Bytes of an event that `invoke` takes.
    package var maximumEventBytes = 6 << 20
    /// Connections of one address.
    package var maximumConnections = 256
    /// How long requests may go on once ``AdminServer/stop()`` was called, in milliseconds.
    package var stopMilliseconds = 2000

    package init() {}
}
