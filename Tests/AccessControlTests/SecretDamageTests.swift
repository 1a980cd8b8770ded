import Foundation
import Glibc
import StateFiles
import Synchronization
import Testing

@testable import AccessControl

/// Nothing that damage makes of an encrypted file, of the index or of the key is taken for a secret.
@Suite("Damaged secrets")
struct SecretDamageTests {
    private static let secret = Array("postgres://user:password@db".utf8)
    private let state: StateDirectory
    private let vault: SecretVault

    init() throws {
        state = try StateDirectory()
        vault = SecretVault(stateDirectory: state.path)
        try vault.set("db_url", to: Self.secret)
        try StateMark().write(state.path)
    }

    private func refused(_ vault: SecretVault? = nil, _ place: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: AccessError.self, sourceLocation: place) {
            try (vault ?? self.vault).read("db_url")
        }
        #expect(error?.code == .damaged, sourceLocation: place)
    }

    @Test("An emptied file, every cut and every changed byte are refused")
    func everyDamage() throws {
        let stored = try state.bytes("secrets/db_url")
        for length in 0..<stored.count {
            try state.write(Array(stored[..<length]), to: "secrets/db_url")
            refused()
        }
        for position in stored.indices {
            var bytes = stored
            bytes[position] ^= 0x10
            try state.write(bytes, to: "secrets/db_url")
            refused()
        }
        try state.write(stored, to: "secrets/db_url")
        #expect(try vault.read("db_url") == Self.secret)
    }

    @Test("A secret that is being set or removed is not damaged")
    func concurrent() async throws {
        let vault = vault
        let isDone = Atomic(false)
        let writer = Task.detached {
            defer { isDone.store(true, ordering: .releasing) }
            for _ in 0..<100 {
                try vault.set("other", to: [1])
                try vault.remove("other")
            }
        }
        while !isDone.load(ordering: .acquiring) {
            #expect(vault.problems().isEmpty)
            do throws(AccessError) {
                #expect(try vault.read("other") == [1])
            } catch {
                #expect(error.code == .notFound)
            }
        }
        try await writer.value
    }

    @Test("The same without the index, or with one that is damaged", arguments: [nil, "", "garbage"])
    func withoutIndex(text: String?) throws {
        if let text {
            try state.write(Array(text.utf8), to: "secrets.json")
        } else {
            unlink("\(state.path)/secrets.json")
        }
        #expect(try vault.read("db_url") == Self.secret)
        try state.write([], to: "secrets/db_url")
        refused()
        try state.write(Array("Xlo-secret-1\nrest".utf8), to: "secrets/db_url")
        refused()
        #expect(try vault.prepare() != nil)
        refused()
        #expect(vault.problems().count == 1)
    }

    @Test("A lost file is not a secret that was never there")
    func lost() throws {
        unlink("\(state.path)/secrets/db_url")
        refused()
        #expect(vault.problems() == ["the file of the secret 'db_url' is gone"])
        try vault.remove("db_url")
        #expect(vault.problems() == [])
        let error1 = #expect(throws: AccessError.self) { try vault.read("db_url") }
        #expect(error1?.code == .notFound)
    }

    @Test("A lost, emptied or exchanged key is told from a damaged file, and no new one is made beside secrets")
    func key() throws {
        let key = try state.bytes("secret.key")
        unlink("\(state.path)/secret.key")
        refused()
        #expect(access("\(state.path)/secret.key", F_OK) != 0)
        #expect(throws: AccessError.self) { try vault.set("other", to: [1]) }
        try state.write([], to: "secret.key")
        refused()
        try state.write([UInt8](repeating: 7, count: 32), to: "secret.key")
        let error = #expect(throws: AccessError.self) { try vault.read("db_url") }
        #expect(error?.message.contains("the key is another one") == true)
        #expect(throws: AccessError.self) { try vault.set("other", to: [1]) }
        try state.write(key, to: "secret.key")
        #expect(try vault.read("db_url") == Self.secret)
    }

    @Test("A file put there by hand is encrypted once, and told of; what becomes of it later is no secret")
    func takenIn() throws {
        let told = Told()
        let vault = SecretVault(stateDirectory: state.path) { told.add($0) }
        try state.write(Array("plain".utf8), to: "secrets/hand")
        #expect(try vault.read("hand") == Array("plain".utf8))
        #expect(try state.bytes("secrets/hand").starts(with: Array("glo-secret-1\n".utf8)))
        #expect(try vault.read("hand") == Array("plain".utf8))
        #expect(told.names == ["hand"])
        try state.write(Array("plain".utf8), to: "secrets/hand")
        let error2 = #expect(throws: AccessError.self) { try vault.read("hand") }
        #expect(error2?.code == .damaged)
        try vault.remove("hand")
        try state.write(Array("again".utf8), to: "secrets/hand")
        #expect(try vault.read("hand") == Array("again".utf8))
    }

    @Test("An empty file that was put there by hand is refused")
    func empty() throws {
        try state.write([], to: "secrets/hand")
        let error3 = #expect(throws: AccessError.self) { try vault.read("hand") }
        #expect(error3?.code == .damaged)
    }

    @Test("Secrets of an older version are named by the index of the first start, what lay there by hand is taken in")
    func conversion() throws {
        unlink("\(state.path)/secrets.json")
        unlink("\(state.path)/state.json")
        try state.write(Array("plain".utf8), to: "secrets/hand")
        #expect(try vault.prepare() == nil)
        #expect(try SecretIndex.read(state.path)?.names == ["db_url", "hand"])
        #expect(try vault.list().allSatisfy(\.encrypted))
        #expect(try vault.read("hand") == Array("plain".utf8))
    }
}

private final class Told: Sendable {
    private let all = Mutex<[String]>([])
    func add(_ name: String) { all.withLock { $0.append(name) } }
    var names: [String] { all.withLock(\.self) }
}
