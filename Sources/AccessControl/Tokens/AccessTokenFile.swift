import Foundation
import Glibc

/// The bearer tokens of a controller: `<state>/tokens.json`, which the command line writes and the controller reads.
package struct AccessTokenFile: Sendable {
    package let path: String

    package static let fileName = "tokens.json"
    private static let limit = 4 << 20

    package init(stateDirectory: String) { path = "\(stateDirectory)/\(Self.fileName)" }

    /// In the order of their making.
    package func tokens() throws(AccessError) -> [AccessToken] {
        guard let bytes = try PrivateFile.read(path, limit: Self.limit) else { return [] }
        guard let tokens = try? JSONDecoder().decode([AccessToken].self, from: Data(bytes)) else {
            throw AccessError(.damaged, "\(path) cannot be read as JSON", hint: "move it away and make the tokens anew")
        }
        return tokens
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
        guard let data = try? encoder.encode(tokens) else { throw AccessError(.invalid, "the tokens are no JSON") }
        try PrivateFile.replace(path, with: [UInt8](data))
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
