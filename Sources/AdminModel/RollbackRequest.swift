/// The body of a rollback.
package struct RollbackRequest: Codable, Hashable, Sendable {
    /// The version to serve; nil is the one before the current one.
    package var version: Int?

    package init(version: Int? = nil) { self.version = version }
}
