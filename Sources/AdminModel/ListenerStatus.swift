/// One address that the controller listens on.
package struct ListenerStatus: Codable, Hashable, Sendable {
    /// `public` or `admin`.
    package var role: String
    /// `host:port`, or `unix:` and a path.
    package var address: String

    package init(role: String, address: String) {
        self.role = role
        self.address = address
    }
}
