import Foundation
import Glibc
import StateFiles

/// The audit log: `<state>/audit.jsonl`, a line of JSON for each record. Controller and command line both write it, one
/// at a time under a lock of the file, and each record is on the disk before the call returns.
package struct AuditLog: Sendable {
    package let path: String
    private var head: AuditHead { AuditHead(path: "\(path).head") }

    package static let fileName = "audit.jsonl"
    /// The longest line, for finding the last one.
    private static let longestLine = 64 << 10

    package init(stateDirectory: String) { path = "\(stateDirectory)/\(Self.fileName)" }

    /// Adds a record behind the last one.
    @discardableResult
    package func append(_ entry: AuditEntry, atMilliseconds: Int64) throws(AccessError) -> AuditRecord {
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw PrivateFile.failure("cannot open \(path)") }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw PrivateFile.failure("cannot lock \(path)") }
        }
        guard StateOwner.adopt(descriptor, at: path) else { throw PrivateFile.failure("cannot give \(path) away") }
        let last = try lastRecord(of: descriptor)
        var (number, previous) = (last?.number ?? 0, last?.hash ?? AuditRecord.start)
        // Records are gone from the end: the gap stays visible.
        if let end = head.read(), end.number > number { (number, previous) = (end.number, end.hash) }
        let record = AuditRecord(entry, number: number + 1, atMilliseconds: atMilliseconds, previous: previous)
        try PrivateFile.write(try line(record), to: descriptor, path)
        guard fdatasync(descriptor) == 0 else { throw PrivateFile.failure("cannot write \(path)") }
        head.write(AuditHead.End(number: record.number, hash: record.hash))
        return record
    }

    /// The records, oldest first; what cannot be read is left out, and found by ``verify()``.
    package func records() throws(AccessError) -> [AuditRecord] {
        try lines().compactMap { try? JSONDecoder().decode(AuditRecord.self, from: Data($0)) }
    }

    /// Follows the chain from its start.
    package func verify() throws(AccessError) -> AuditVerdict {
        // What is being written is neither half there nor ahead of the lines.
        let lock = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        defer { if lock >= 0 { close(lock) } }
        while lock >= 0, flock(lock, LOCK_SH) != 0, errno == EINTR {}
        let end = head.read()
        var verdict = AuditVerdict(intact: true, records: 0, lastHash: AuditRecord.start)
        for (index, line) in try lines().enumerated() {
            let record = try? JSONDecoder().decode(AuditRecord.self, from: Data(line))
            guard let problem = problem(of: record, after: verdict) else {
                verdict.records += 1
                verdict.lastHash = record?.hash ?? verdict.lastHash
                continue
            }
            verdict.intact = false
            verdict.line = index + 1
            verdict.problem = problem
            break
        }
        if verdict.intact, let end, end.number > verdict.records {
            verdict.intact = false
            verdict.line = verdict.records + 1
            verdict.problem = "records \(verdict.records + 1) to \(end.number) are gone from the end"
        }
        return verdict
    }

    private func problem(of record: AuditRecord?, after verdict: AuditVerdict) -> String? {
        guard let record else { return "the line is no record" }
        if record.number != verdict.records + 1 {
            return "the record's number is \(record.number); after \(verdict.records) comes \(verdict.records + 1)"
        }
        if record.previous != verdict.lastHash { return "the record does not follow the one before it" }
        if record.hash != record.computedHash { return "the record was changed" }
        return nil
    }

    private func lines() throws(AccessError) -> [ArraySlice<UInt8>] {
        guard let bytes = try PrivateFile.read(path, limit: 1 << 30) else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n"))
    }

    private func line(_ record: AuditRecord) throws(AccessError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        guard let data = try? encoder.encode(record) else { throw AccessError(.invalid, "the record is no JSON") }
        return [UInt8](data) + [UInt8(ascii: "\n")]
    }

    /// - Throws: `damaged` when the last line is no record: what would follow it could not be chained.
    private func lastRecord(of descriptor: Int32) throws(AccessError) -> AuditRecord? {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end > 0 else { return nil }
        let count = min(Int(end), Self.longestLine)
        var bytes = [UInt8](repeating: 0, count: count)
        let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, count, end - off_t(count)) }
        guard got == count else { throw PrivateFile.failure("cannot read \(path)") }
        guard bytes.last == UInt8(ascii: "\n") else {
            // A power cut may leave half a line, which was never promised to anybody.
            return try repaired(descriptor, bytes, end: end)
        }
        return try decode(bytes.split(separator: UInt8(ascii: "\n")).last)
    }

    private func repaired(_ descriptor: Int32, _ bytes: [UInt8], end: off_t) throws(AccessError) -> AuditRecord? {
        let whole = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        guard whole > 0 || bytes.count == Int(end) else {
            throw AccessError(.damaged, "the last line of \(path) is too long", hint: "glo audit verify")
        }
        guard ftruncate(descriptor, end - off_t(bytes.count - whole)) == 0 else {
            throw PrivateFile.failure("cannot shorten \(path)")
        }
        return try whole == 0 ? nil : decode(bytes[..<whole].split(separator: UInt8(ascii: "\n")).last)
    }

    private func decode(_ line: ArraySlice<UInt8>?) throws(AccessError) -> AuditRecord? {
        guard let line else { return nil }
        guard let record = try? JSONDecoder().decode(AuditRecord.self, from: Data(line)) else {
            throw AccessError(.damaged, "the last line of \(path) is no record", hint: "glo audit verify")
        }
        return record
    }
}
