import Crypto
import NIOCore

/// Verifies the chunks of a body one after the other: each signature covers the one before.
package struct ChunkSigner: Sendable {
    private let key: SymmetricKey
    private let prefix: String
    private var previous: String

    init(key: SymmetricKey, claim: SignatureClaim) {
        self.key = key
        prefix = "AWS4-HMAC-SHA256-PAYLOAD\n\(claim.timestamp)\n\(claim.scope)\n"
        previous = Hexadecimal.text(claim.signature)
    }

    /// - Throws: ``SigV4Error/mismatch``.
    mutating func verify(_ chunk: ByteBuffer, signature: String) throws(SigV4Error) {
        let text = "\(prefix)\(previous)\n\(PayloadHash.ofNothing)\n\(PayloadHash.of(chunk))"
        let expected = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
        guard let bytes = Hexadecimal.bytes(signature), expected == bytes else { throw .mismatch }
        previous = signature.lowercased()
    }
}
