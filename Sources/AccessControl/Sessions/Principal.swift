/// Who asks the control plane for something, and what they may do.
package struct Principal: Hashable, Sendable {
    /// For the audit log: `socket`, `token:ID`, `key:ID`, `admin-token`.
    package let actor: String
    package let scopes: [AccessScope]

    package init(actor: String, scopes: [AccessScope]) {
        self.actor = actor
        self.scopes = scopes
    }

    /// Whoever can open the controller's Unix socket is its operator.
    package static let socket = Principal(actor: "socket", scopes: [.admin])

    /// Whoever nobody knows.
    package static let nobody = Principal(actor: "nobody", scopes: [])

    package func allows(_ needed: AccessScope) -> Bool { scopes.contains { $0.includes(needed) } }
}
