import CLinux

/// An access key: an id that requests name and a secret that signs them (AWS Signature Version 4).
package struct AccessKey: Codable, Hashable, Sendable {
    package var id: String
    /// Kept as it is: to verify a signature one needs the secret itself.
    package var secret: String
    /// What people call it.
    package var name: String?
    /// Unix time in milliseconds.
    package var createdAtMilliseconds: Int64

    package init(id: String, secret: String, name: String? = nil, createdAtMilliseconds: Int64 = 0) {
        self.id = id
        self.secret = secret
        self.name = name
        self.createdAtMilliseconds = createdAtMilliseconds
    }

    private static let idPrefix = "GLOK"
    private static let idAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let secretAlphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// A new pair: an id of 20 characters, a secret of 40 with 240 random bits.
    package static func random(name: String?, atMilliseconds: Int64) throws(AdminServerError) -> AccessKey {
        let id = idPrefix + (try text(16, of: idAlphabet))
        let secret = try text(40, of: secretAlphabet)
        return AccessKey(id: id, secret: secret, name: name, createdAtMilliseconds: atMilliseconds)
    }

    /// The alphabets have a power of two of characters, so that each is as likely as the others.
    private static func text(_ count: Int, of alphabet: [UInt8]) throws(AdminServerError) -> String {
        var bytes = [UInt8](repeating: 0, count: count)
        guard bytes.withUnsafeMutableBytes({ clinux_random($0.baseAddress, $0.count) }) == count else {
            throw AdminServerError(.keysUnusable, "the kernel gives no random numbers")
        }
        return String(decoding: bytes.map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
    }

    /// Whether it can be used at all.
    package func check() throws(AdminServerError) {
        let isID = (4...128).contains(id.utf8.count) && id.utf8.allSatisfy(Self.isWordByte)
        guard isID, secret.utf8.count >= 16 else {
            throw AdminServerError(
                .keysUnusable,
                "an access key's id has 4 to 128 letters, digits and '_', and its secret at least 16 characters"
            )
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
    }
}
