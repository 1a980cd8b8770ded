import Foundation
import Glibc
import Testing

@testable import AccessControl

@Suite("A damaged audit log")
struct AuditDamageTests {
    private let state: StateDirectory
    private let log: AuditLog

    init() throws {
        state = try StateDirectory()
        log = AuditLog(stateDirectory: state.path)
        for number in 1...3 { try append("\(number)") }
    }

    private func append(_ target: String) throws {
        try log.append(AuditEntry(actor: "a", action: "b", target: target), atMilliseconds: 5)
    }

    @Test("The loss of its end, or of all of it, is found, and stays visible when records follow", arguments: 0...2)
    func cutOff(kept: Int) throws {
        let lines = String(decoding: try state.bytes(AuditLog.fileName), as: UTF8.self).split(separator: "\n")
        try state.write(Array(lines[..<kept].map { "\($0)\n" }.joined().utf8), to: AuditLog.fileName)
        let verdict = try log.verify()
        #expect(!verdict.intact && verdict.line == kept + 1)
        #expect(verdict.problem == "records \(kept + 1) to 3 are gone from the end")
        try append("4")
        #expect(try log.records().last?.number == 4)
        #expect(try !log.verify().intact)
    }

    @Test("Its removal is found as well")
    func removed() throws {
        unlink("\(state.path)/\(AuditLog.fileName)")
        #expect(try log.verify().problem == "records 1 to 3 are gone from the end")
    }

    @Test("A record that is written while the log is read is no damage")
    func concurrent() async throws {
        let log = log
        let writer = Task.detached {
            for number in 4...60 {
                try log.append(AuditEntry(actor: "a", action: "b", target: "\(number)"), atMilliseconds: 5)
            }
        }
        while try log.records().count < 60 { #expect(try log.verify().intact) }
        try await writer.value
        #expect(try log.verify().records == 60)
    }

    @Test("What tells of the last record may be lost or damaged itself", arguments: [nil, "", "3 x y", "garbage"])
    func head(text: String?) throws {
        let name = "\(AuditLog.fileName).head"
        if let text { try state.write(Array(text.utf8), to: name) } else { unlink("\(state.path)/\(name)") }
        #expect(try log.verify().intact)
        try append("4")
        #expect(try log.verify().intact)
        let line = try state.bytes(name)
        #expect(String(decoding: line, as: UTF8.self).hasPrefix("4 "))
    }
}
