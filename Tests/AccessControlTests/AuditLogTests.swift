import Foundation
import Testing

@testable import AccessControl

@Suite("The audit log")
struct AuditLogTests {
    private let state: StateDirectory
    private let log: AuditLog

    init() throws {
        state = try StateDirectory()
        log = AuditLog(stateDirectory: state.path)
        for number in 1...3 {
            try log.append(
                AuditEntry(actor: "cli:root", action: "function.rollback", target: "f\(number)"),
                atMilliseconds: Int64(number))
        }
    }

    private func lines() throws -> [String] {
        String(decoding: try state.bytes(AuditLog.fileName), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func put(_ lines: [String]) throws {
        try state.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: AuditLog.fileName)
    }

    @Test("Records are numbered, chained and intact")
    func chain() throws {
        let records = try log.records()
        #expect(records.map(\.number) == [1, 2, 3])
        #expect(records[1].previous == records[0].hash)
        let verdict = try log.verify()
        #expect(verdict.intact && verdict.records == 3 && verdict.lastHash == records[2].hash)
    }

    @Test("A changed record is found by its line")
    func change() throws {
        var lines = try lines()
        lines[1] = lines[1].replacingOccurrences(of: "f2", with: "g2")
        try put(lines)
        let verdict = try log.verify()
        #expect(!verdict.intact && verdict.line == 2 && verdict.problem == "the record was changed")
    }

    @Test("A removed record is found")
    func removal() throws {
        var lines = try lines()
        lines.remove(at: 1)
        try put(lines)
        let verdict = try log.verify()
        #expect(!verdict.intact && verdict.line == 2)
    }

    @Test("Half a line that a power cut left is dropped, and the chain goes on")
    func halfLine() throws {
        var bytes = try state.bytes(AuditLog.fileName)
        bytes += Array("{\"number\":4,\"at\"".utf8)
        try state.write(bytes, to: AuditLog.fileName)
        try log.append(AuditEntry(actor: "a", action: "b", target: "c"), atMilliseconds: 9)
        let verdict = try log.verify()
        #expect(verdict.intact && verdict.records == 4)
    }

    @Test("Two who write at once do not break the chain")
    func together() async throws {
        let log = log
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for _ in 0..<10 {
                        _ = try? log.append(AuditEntry(actor: "\(task)", action: "x", target: "y"), atMilliseconds: 1)
                    }
                }
            }
        }
        let verdict = try log.verify()
        #expect(verdict.intact && verdict.records == 43)
    }
}
