import Foundation
import Glibc
import StateFiles

/// The bearer tokens of a controller: `<state>/tokens.json`, which the command line writes and the controller reads.
package struct AccessTokenFile: Sendable {
    package let path: String
    private let stateDirectory: String

    /// Since the directory's format 2. An older version wrote the list alone.
    private struct Document: Codable {
        var version = 2
        var tokens: [AccessToken]
    }

    package static let fileName = "tokens.json"
    private static let limit = 4 << 20

    package init(stateDirectory: String) {
        path = "\(stateDirectory)/\(Self.fileName)"
        self.stateDirectory = stateDirectory
    }

    /// In the order of their making.
    package func tokens() throws(AccessError) -> [AccessToken] {
        let data: Data
        do throws(AccessError) {
            let read = try PrivateFile.readSealed(Self.fileName, in: stateDirectory, limit: Self.limit)
            guard let read else { return [] }
            data = Data(read)
        } catch {
            throw AccessError(
                error.code, error.message, hint: "put it back from a backup, or move it away and make the tokens anew")
        }
        if let document = try? JSONDecoder().decode(Document.self, from: data) { return document.tokens }
        if let tokens = try? JSONDecoder().decode([AccessToken].self, from: data) { return tokens }
        throw AccessError(.damaged, "\(path) cannot be read as JSON", hint: "move it away and make the tokens anew")
    }

    /// Whether there is a file, good or not.
    package var exists: Bool { access(path, F_OK) == 0 }

    /// Gives a file of an older version its checksum.
    package func convert() throws(AccessError) {
        guard exists else { return }
        try locked { () throws(AccessError) in try write(try tokens()) }
    }

    package func add(_ token: AccessToken) throws(AccessError) {
        try locked { () throws(AccessError) in try write(try tokens() + [token]) }
    }

    /// - Parameter reference: an id or a name.
    /// - Throws: `notFound`.
    package func remove(_ reference: String) throws(AccessError) -> AccessToken {
        var removed: AccessToken?
        try locked { () throws(AccessError) in
            let all = try tokens()
            guard let token = all.first(where: { $0.id == reference || $0.name == reference }) else {
                throw AccessError(.notFound, "there is no token '\(reference)'", hint: "glo token ls")
            }
            removed = token
            try write(all.filter { $0.id != token.id })
        }
        guard let removed else { throw AccessError(.notFound, "there is no token '\(reference)'") }
        return removed
    }

    private func write(_ tokens: [AccessToken]) throws(AccessError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(Document(tokens: tokens)) else {
            throw AccessError(.invalid, "the tokens are no JSON")
        }
        try PrivateFile.replaceSealed(Self.fileName, in: stateDirectory, with: [UInt8](data))
    }

    /// Two commands at once must not lose each other's token.
    private func locked(_ body: () throws(AccessError) -> Void) throws(AccessError) {
        let lock = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw PrivateFile.failure("cannot make \(path).lock") }
        defer { close(lock) }
        guard StateOwner.adopt(lock, at: path) else { throw PrivateFile.failure("cannot give \(path).lock away") }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw PrivateFile.failure("cannot lock \(path).lock") }
        }
        try body()
    }
}
