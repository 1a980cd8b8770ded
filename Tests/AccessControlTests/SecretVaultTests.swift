import Foundation
import Testing

@testable import AccessControl

@Suite("The vault of secrets")
struct SecretVaultTests {
    private let state: StateDirectory
    private let vault: SecretVault

    init() throws {
        state = try StateDirectory()
        vault = SecretVault(stateDirectory: state.path)
    }

    @Test("A secret is read as it was set, and the disk holds nothing of it")
    func encryption() throws {
        let secret = Array("postgres://user:password@db".utf8)
        try vault.set("db_url", to: secret)
        #expect(try vault.read("db_url") == secret)
        let stored = try state.bytes("secrets/db_url")
        #expect(!String(decoding: stored, as: UTF8.self).contains("password"))
        #expect(try vault.list().map(\.name) == ["db_url"])
        #expect(try vault.list().first?.encrypted == true)
    }

    @Test("A file under another secret's name is refused")
    func exchange() throws {
        try vault.set("a", to: [1, 2, 3])
        try state.write(try state.bytes("secrets/a"), to: "secrets/b")
        let error = #expect(throws: AccessError.self) { try vault.read("b") }
        #expect(error?.code == .damaged)
    }

    @Test("A changed byte is noticed")
    func tampering() throws {
        try vault.set("a", to: Array("hello".utf8))
        var stored = try state.bytes("secrets/a")
        stored[stored.count - 1] ^= 1
        try state.write(stored, to: "secrets/a")
        #expect(throws: AccessError.self) { try vault.read("a") }
    }

    @Test("A file that somebody put there by hand is taken, unless others may read it")
    func plainFile() throws {
        try vault.set("other", to: [1])
        try state.write(Array("plain".utf8), to: "secrets/hand")
        #expect(try vault.read("hand") == Array("plain".utf8))
        try state.write(Array("plain".utf8), to: "secrets/open", mode: 0o644)
        let error = #expect(throws: AccessError.self) { try vault.read("open") }
        #expect(error?.code == .exposed)
    }

    @Test("With another key nothing can be read")
    func otherKey() throws {
        try vault.set("a", to: [1, 2])
        try state.write([UInt8](repeating: 7, count: 32), to: "other.key")
        let other = SecretVault(stateDirectory: state.path, keyFile: "\(state.path)/other.key")
        let error = #expect(throws: AccessError.self) { try other.read("a") }
        #expect(error?.code == .damaged)
    }

    @Test("A removed secret is gone, and a missing one says how to set it")
    func removal() throws {
        try vault.set("a", to: [1])
        try vault.remove("a")
        let error = #expect(throws: AccessError.self) { try vault.read("a") }
        #expect(error?.hint?.contains("glo secret set a") == true)
    }

    @Test("Names that would leave the directory are refused", arguments: ["", "../x", "a/b", ".hidden", "-x", "a b"])
    func names(name: String) {
        #expect(throws: AccessError.self) { try vault.set(name, to: [1]) }
        #expect(throws: AccessError.self) { try vault.read(name) }
    }
}
