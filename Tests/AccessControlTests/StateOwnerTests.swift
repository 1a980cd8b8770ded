import Foundation
import Glibc
import Testing

@testable import AccessControl

/// Only root can give a file away, and only root has to.
@Suite("What root's commands make belongs to the controller", .enabled(if: geteuid() == 0))
struct StateOwnerTests {
    private let state: StateDirectory
    private static let user: uid_t = 54_321

    init() throws {
        state = try StateDirectory()
        try #require(chown(state.path, Self.user, Self.user) == 0)
    }

    private func owner(_ name: String) throws -> uid_t {
        var status = stat()
        try #require(stat("\(state.path)/\(name)", &status) == 0)
        return status.st_uid
    }

    @Test("Tokens, and their lock")
    func tokens() throws {
        let made = AccessToken.make(name: "ci", scopes: [.read], nowMilliseconds: 1_000, lifetimeMilliseconds: nil)
        try AccessTokenFile(stateDirectory: state.path).add(made.record)
        #expect(try owner(AccessTokenFile.fileName) == Self.user)
        #expect(try owner("\(AccessTokenFile.fileName).lock") == Self.user)
    }

    @Test("Secrets, their directory, and the key")
    func secrets() throws {
        try SecretVault(stateDirectory: state.path, keyFile: nil).set("password", to: Array("x".utf8))
        #expect(try owner("secrets") == Self.user)
        #expect(try owner("secrets/password") == Self.user)
        #expect(try owner(SecretKey.fileName) == Self.user)
    }

    @Test("The audit log")
    func audit() throws {
        let entry = AuditEntry(actor: "root", action: "token.create", target: "ci")
        try AuditLog(stateDirectory: state.path).append(entry, atMilliseconds: 1_000)
        #expect(try owner(AuditLog.fileName) == Self.user)
    }
}
