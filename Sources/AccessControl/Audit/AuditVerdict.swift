/// What a check of the audit log found.
package struct AuditVerdict: Encodable, Hashable, Sendable {
    /// Whether every record is what was written and none is missing between the first and the last.
    package var intact: Bool
    /// Good records from the start.
    package var records: Int
    /// The hash of the last good one: written down elsewhere, it proves later that nothing was cut off the end.
    package var lastHash: String
    /// The line of the first bad record, and what is wrong with it.
    package var line: Int?
    package var problem: String?
}
