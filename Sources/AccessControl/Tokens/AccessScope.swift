/// What a token may be used for.
package enum AccessScope: String, Codable, Hashable, Sendable, CaseIterable {
    /// Look at everything but events' contents and secrets.
    case read
    /// Invoke functions and publish events, and read their results.
    case invoke
    /// Change functions, versions and aliases; includes `read`.
    case deploy
    /// Everything.
    case admin

    /// Whether somebody with this scope may do what needs the other one.
    package func includes(_ needed: AccessScope) -> Bool {
        self == needed || self == .admin || (self == .deploy && needed == .read)
    }
}
