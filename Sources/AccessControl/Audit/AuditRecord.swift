import Crypto
import TextForms

/// One thing that somebody did to the controller, chained to the one before: whoever changes or removes a record
/// breaks the chain from there on.
package struct AuditRecord: Codable, Hashable, Sendable {
    /// 1, 2, 3 …
    package var number: Int
    /// Unix time in milliseconds.
    package var atMilliseconds: Int64
    /// Who: `cli:USER`, `token:NAME`, `key:ID`, `controller`.
    package var actor: String
    /// What, such as `function.rollback`.
    package var action: String
    /// To what, such as a function's name.
    package var target: String
    /// `ok`, or the error's code.
    package var outcome: String
    /// More about it; never a secret or an event.
    package var detail: String?
    /// ``hash`` of the record before; zeros for the first.
    package var previous: String
    /// SHA-256 over everything above, lower-case hexadecimal.
    package var hash: String

    package static let start = String(repeating: "0", count: 64)

    init(_ entry: AuditEntry, number: Int, atMilliseconds: Int64, previous: String) {
        self.number = number
        self.atMilliseconds = atMilliseconds
        actor = entry.actor
        action = entry.action
        target = entry.target
        outcome = entry.outcome
        detail = entry.detail
        self.previous = previous
        hash = ""
        hash = computedHash
    }

    /// Each part is preceded by its length, so that no two records have the same bytes.
    var computedHash: String {
        var hasher = SHA256()
        for part in ["\(number)", "\(atMilliseconds)", actor, action, target, outcome, detail ?? "", previous] {
            hasher.update(data: Array("\(part.utf8.count):\(part)".utf8))
        }
        return Hexadecimal.text(hasher.finalize())
    }

    enum CodingKeys: String, CodingKey {
        case number
        case atMilliseconds = "at"
        case actor, action, target, outcome, detail, previous, hash
    }
}
