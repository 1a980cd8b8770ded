import Crypto
import HTTPCodec
import NIOCore
import TextForms

/// Proves that who sent a request knows the secret of its access key (AWS Signature Version 4).
///
/// Keeps the signing keys of the last days and services, which cost four HMACs to make.
package struct SignatureVerifier {
    private struct KeyName: Hashable {
        var accessKeyID: String
        var date: String
        var region: String
        var service: String
    }

    private struct CachedKey {
        var secret: String
        var key: SymmetricKey
        /// The code's state with the key taken in, which is the larger part of a short text's cost.
        var code: HMAC<SHA256>
    }

    private var keys: [KeyName: CachedKey] = [:]
    private var canonical: [UInt8] = []
    private static let maxKeys = 64

    package init() {}

    /// Compares the signature in constant time.
    ///
    /// - Parameter payloadHash: what stands at the end of the canonical request.
    /// - Returns: what signs the chunks of a streamed body.
    /// - Throws: ``SigV4Error/mismatch``.
    @discardableResult
    package mutating func verify(
        _ claim: SignatureClaim, of request: SignedRequest, payloadHash: String, secret: String
    ) throws(SigV4Error) -> ChunkSigner {
        let cached = signingKey(claim, secret)
        var excluded: String?
        if claim.expiresSeconds != nil { excluded = "X-Amz-Signature" }
        for form in CanonicalForm.allCases where form.applies(to: request) {
            canonical.removeAll(keepingCapacity: true)
            form.write(request, claim, payloadHash: payloadHash, leavingOut: excluded, into: &canonical)
            var code = cached.code
            code.update(data: stringToSign(claim))
            // A code compares itself with bytes in constant time.
            if code.finalize() == claim.signature { return ChunkSigner(key: cached.key, claim: claim) }
        }
        throw .mismatch
    }

    private func stringToSign(_ claim: SignatureClaim) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(192)
        text += SignatureClaim.algorithm.utf8
        text.append(0x0a)
        text += claim.timestamp.utf8
        text.append(0x0a)
        text += claim.scope.utf8
        text.append(0x0a)
        Hexadecimal.append(SHA256.hash(data: canonical), to: &text)
        return text
    }

    private mutating func signingKey(_ claim: SignatureClaim, _ secret: String) -> CachedKey {
        let name = KeyName(
            accessKeyID: claim.accessKeyID, date: claim.date, region: claim.region, service: claim.service)
        if let cached = keys[name], cached.secret == secret { return cached }
        var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
        for word in [claim.date, claim.region, claim.service, "aws4_request"] {
            let code = HMAC<SHA256>.authenticationCode(for: Array(word.utf8), using: key)
            key = SymmetricKey(data: code)
        }
        if keys.count >= Self.maxKeys { keys.removeAll(keepingCapacity: true) }
        let cached = CachedKey(secret: secret, key: key, code: HMAC(key: key))
        keys[name] = cached
        return cached
    }
}
