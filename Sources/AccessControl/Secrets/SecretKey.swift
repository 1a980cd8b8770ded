import Crypto
import Glibc
import TextForms

/// The key that secrets are encrypted with: 32 random bytes in a file of the state directory, or wherever
/// `GLO_SECRET_KEY_FILE` says, such as a credential of systemd, so that a copy of the state directory tells nothing.
package struct SecretKey: Sendable {
    let key: SymmetricKey

    package static let fileName = "secret.key"
    package static let variable = "GLO_SECRET_KEY_FILE"
    static let byteCount = 32

    init(bytes: [UInt8], path: String) throws(AccessError) {
        guard bytes.count == Self.byteCount else {
            throw AccessError(
                .damaged, "\(path) does not hold a key of \(Self.byteCount) bytes, but \(bytes.count)",
                hint: "put it back from a backup")
        }
        key = SymmetricKey(data: bytes)
    }

    /// What tells this key from another without showing anything of it.
    var check: String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("glo secret key".utf8), using: key)
        return Hexadecimal.text(code.prefix(8))
    }

    /// The key.
    ///
    /// - Parameter makes: whether it is made when it is missing and no other file is named.
    package static func load(stateDirectory: String, file: String?, makes: Bool) throws(AccessError) -> SecretKey {
        if let file, !file.isEmpty {
            guard let bytes = try PrivateFile.read(file, limit: 4096) else {
                throw AccessError(.file, "the file of \(variable), \(file), does not exist")
            }
            return try SecretKey(bytes: bytes, path: file)
        }
        let path = "\(stateDirectory)/\(fileName)"
        if let bytes = try PrivateFile.read(path, limit: 4096) { return try SecretKey(bytes: bytes, path: path) }
        guard makes else {
            throw AccessError(
                .damaged, "\(path) is gone, and with it the key of the secrets that are stored",
                hint: "put it back from a backup, or remove the secrets (glo secret rm) and set them again")
        }
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        try PrivateFile.replace(path, with: bytes)
        return try SecretKey(bytes: bytes, path: path)
    }
}
