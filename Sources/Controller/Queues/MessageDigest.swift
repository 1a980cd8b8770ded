import Crypto
import TextForms

/// Digests as small hexadecimal digits.
enum MessageDigest {
    static func md5(_ bytes: some Sequence<UInt8>) -> String { Hexadecimal.text(Insecure.MD5.hash(data: Array(bytes))) }
    static func sha256(_ bytes: some Sequence<UInt8>) -> String { Hexadecimal.text(SHA256.hash(data: Array(bytes))) }
}
