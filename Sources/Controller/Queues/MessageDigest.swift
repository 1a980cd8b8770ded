import Crypto

/// Digests as small hexadecimal digits.
enum MessageDigest {
    static func md5(_ bytes: some Sequence<UInt8>) -> String { hexadecimal(Insecure.MD5.hash(data: Array(bytes))) }
    static func sha256(_ bytes: some Sequence<UInt8>) -> String { hexadecimal(SHA256.hash(data: Array(bytes))) }

    private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
