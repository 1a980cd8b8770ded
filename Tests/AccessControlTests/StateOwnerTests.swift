import Foundation
import Glibc
import Testing

@testable import AccessControl

/// Only root can give a file away, and only root has to: what another user makes is that user's, as the directory is.
@Suite("What a command makes belongs to whom the state directory belongs to")
struct StateOwnerTests {
    private let state: StateDirectory
    private let user = geteuid() == 0 ? 54_321 : geteuid()

    init() throws {
        state = try StateDirectory()
        try #require(chown(state.path, user, geteuid() == 0 ? user : getegid()) == 0)
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
        #expect(try owner(AccessTokenFile.fileName) == user)
        #expect(try owner("\(AccessTokenFile.fileName).lock") == user)
    }

    @Test("Secrets, their directory, and the key")
    func secrets() throws {
        try SecretVault(stateDirectory: state.path, keyFile: nil).set("password", to: Array("x".utf8))
        #expect(try owner("secrets") == user)
        #expect(try owner("secrets/password") == user)
        #expect(try owner(SecretKey.fileName) == user)
    }

    @Test("The audit log")
    func audit() throws {
        let entry = AuditEntry(actor: "root", action: "token.create", target: "ci")
        try AuditLog(stateDirectory: state.path).append(entry, atMilliseconds: 1_000)
        #expect(try owner(AuditLog.fileName) == user)
    }
}
