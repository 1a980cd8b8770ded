import AccessControl
import AdminModel
import Crypto
import Glibc
import TextForms

/// The bearer token of the admin API over TCP. Only its SHA-256 is kept, and only hashes are compared: they have one
/// length and tell an attacker who measures times nothing of the token.
package struct AdminToken: Sendable {
    private let hash: [UInt8]

    /// Shorter tokens can be guessed.
    package static let minimumLength = 16
    private static let hashPrefix = "sha256:"

    /// - Parameter text: the token itself, or `sha256:` and its hash in hexadecimal.
    package init(_ text: String) throws(AdminServerError) {
        if text.hasPrefix(Self.hashPrefix) {
            let digits = text.dropFirst(Self.hashPrefix.count)
            guard digits.utf8.count == 64, let hash = Hexadecimal.bytes(digits) else {
                throw AdminServerError(.tokenUnusable, "the admin token's hash is not 64 hexadecimal digits")
            }
            self.hash = hash
        } else {
            guard text.utf8.count >= Self.minimumLength else {
                throw AdminServerError(.tokenUnusable, "the admin token has fewer than 16 characters")
            }
            hash = Array(SHA256.hash(data: Array(text.utf8)))
        }
    }

    /// The token of the environment variable `GLO_ADMIN_TOKEN`, else of the file in the state directory, else nil.
    package static func load(
        environment value: String?, stateDirectory: String
    ) throws(AdminServerError) -> AdminToken? {
        if let value, !value.isEmpty { return try AdminToken(value) }
        return try stored(in: stateDirectory)?.token
    }

    /// The token of the file in the state directory, and what the file holds; nil when there is none.
    static func stored(in stateDirectory: String) throws(AdminServerError) -> (token: AdminToken, bytes: [UInt8])? {
        let path = "\(stateDirectory)/\(AdminPath.tokenFileName)"
        do throws(AccessError) {
            guard let bytes = try PrivateFile.read(path, limit: 4096) else { return nil }
            let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            return try (parse(String(decoding: line, as: UTF8.self), path), bytes)
        } catch {
            throw AdminServerError(.tokenUnusable, error.message)
        }
    }

    private static func parse(_ text: String, _ path: String) throws(AccessError) -> AdminToken {
        do throws(AdminServerError) { return try AdminToken(text) } catch {
            throw AccessError(.damaged, "\(path): \(error.sentence)")
        }
    }

    /// Whether an `Authorization` field carries this token.
    package func matches(authorization: String?) -> Bool {
        authorization.flatMap(Self.bearer).map(matches(token:)) ?? false
    }

    /// Whether this is the token. A digest compares itself with bytes in constant time.
    func matches(token: String) -> Bool { SHA256.hash(data: Array(token.utf8)) == hash }

    /// The token that an `Authorization` field carries; nil for every other scheme.
    static func bearer(_ authorization: String) -> String? {
        let words = authorization.split(separator: " ", maxSplits: 1)
        return words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : nil
    }
}
