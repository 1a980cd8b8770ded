import FunctionModel
import HTTPCodec
import NIOCore
import SigV4

/// Decides who may use a listener of the APIs. Lives on its event loop.
final class APIAccess {
    private let token: AdminToken?
    private let keys: AccessKeyRing
    private var verifier = SignatureVerifier()
    private let now: () -> MonotonicTime
    /// Unix time in milliseconds.
    private let unixMilliseconds: () -> Int64

    init(
        token: AdminToken?, keys: AccessKeyRing, now: @escaping () -> MonotonicTime,
        unixMilliseconds: @escaping () -> Int64
    ) {
        self.token = token
        self.keys = keys
        self.now = now
        self.unixMilliseconds = unixMilliseconds
    }

    /// Who a request says that it comes from.
    enum Claim {
        /// The bearer token was right.
        case token
        /// A signature, whose proof needs the body.
        case signature(SignatureClaim, secret: String, PayloadHash)
    }

    /// Looks at all that the head alone can tell.
    ///
    /// - Throws: why the request is not let in, whatever its body is.
    func claim(_ head: HTTPRequestHead, _ signed: SignedRequest, services: [String]) throws(SigV4Error) -> Claim {
        guard let claim = try SignatureClaim(signed) else {
            guard let authorization = head.fields.first("authorization") else { throw .missing }
            guard let token, token.matches(authorization: authorization) else { throw .unknownKey }
            return .token
        }
        try claim.check(signed, services: services, now: unixMilliseconds() / 1000)
        guard let secret = keys.secret(of: claim.accessKeyID, now: now()) else { throw .unknownKey }
        return .signature(claim, secret: secret, try PayloadHash(signed.fields))
    }

    /// Proves a signature.
    ///
    /// - Parameter hash: of the body, where the claim needs it.
    /// - Returns: the body without the coding of chunks.
    func verify(
        _ claim: SignatureClaim, secret: String, _ payload: PayloadHash, of signed: SignedRequest, body: ByteBuffer,
        hash: String
    ) throws(SigV4Error) -> ByteBuffer {
        let signer = try verifier.verify(
            claim, of: signed, payloadHash: try payload.signed(actual: hash), secret: secret)
        switch payload {
        case .signedChunks: return try ChunkedPayload.decode(body, signer: signer)
        case .unsignedChunks: return try ChunkedPayload.decode(body, signer: nil)
        case .implied, .stated, .unsigned: return body
        }
    }
}
