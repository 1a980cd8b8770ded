import Crypto
import NIOCore
import TextForms

/// Verifies the chunks of a body one after the other: each signature covers the one before.
package struct ChunkSigner: Sendable {
    private let key: SymmetricKey
    private let claim: SignatureClaim
    /// Of the chunk before; nil before the first, which follows the request's own.
    private var previous: String?

    init(key: SymmetricKey, claim: SignatureClaim) {
        self.key = key
        self.claim = claim
    }

    /// - Throws: ``SigV4Error/mismatch``.
    mutating func verify(_ chunk: ByteBuffer, signature: String) throws(SigV4Error) {
        let before = previous ?? Hexadecimal.text(claim.signature)
        let text =
            "AWS4-HMAC-SHA256-PAYLOAD\n\(claim.timestamp)\n\(claim.scope)\n\(before)\n\(PayloadHash.ofNothing)\n"
            + PayloadHash.of(chunk)
        let expected = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
        guard let bytes = Hexadecimal.bytes(signature), expected == bytes else { throw .mismatch }
        previous = signature.lowercased()
    }
}
