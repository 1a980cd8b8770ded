/// What is to be written to the audit log.
package struct AuditEntry: Sendable, Hashable {
    package var actor: String
    package var action: String
    package var target: String
    package var outcome: String
    package var detail: String?

    package init(actor: String, action: String, target: String, outcome: String = "ok", detail: String? = nil) {
        self.actor = actor
        self.action = action
        self.target = target
        self.outcome = outcome
        self.detail = detail
    }
}
