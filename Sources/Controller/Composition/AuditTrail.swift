import AccessControl
import LinuxSystem
import Logging

/// The audit log of a running controller. What cannot be written there is at least in the daemon's log.
struct AuditTrail: Sendable {
    let log: AuditLog
    let logger: Logger

    func note(_ entry: AuditEntry) {
        do throws(AccessError) {
            try log.append(entry, atMilliseconds: SystemClock.unixMilliseconds())
        } catch {
            logger.error(
                "The audit log cannot be written",
                metadata: [
                    "reason": "\(error)", "actor": "\(entry.actor)", "action": "\(entry.action)",
                    "target": "\(entry.target)", "outcome": "\(entry.outcome)",
                ])
        }
    }
}
