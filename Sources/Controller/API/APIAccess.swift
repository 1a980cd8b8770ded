import AccessControl
import FunctionModel
import HTTPCodec
import NIOCore
import SigV4

/// Decides who may use a listener of the APIs. Lives on its event loop.
final class APIAccess {
    private let sessions: SessionAccess
    private let keys: AccessKeyRing
    private var verifier = SignatureVerifier()
    private let now: () -> MonotonicTime
    /// Unix time in milliseconds.
    private let unixMilliseconds: () -> Int64

    init(
        sessions: SessionAccess, keys: AccessKeyRing, now: @escaping () -> MonotonicTime,
        unixMilliseconds: @escaping () -> Int64
    ) {
        self.sessions = sessions
        self.keys = keys
        self.now = now
        self.unixMilliseconds = unixMilliseconds
    }

    /// Who a request says that it comes from.
    enum Claim {
        /// A bearer token or a browser's session was right.
        case known(Principal)
        /// A signature, whose proof needs the body.
        case signature(SignatureClaim, secret: String, PayloadHash)
    }

    /// Looks at all that the head alone can tell.
    ///
    /// - Throws: why the request is not let in, whatever its body is.
    func claim(_ head: HTTPRequestHead, _ signed: SignedRequest, services: [String]) throws(SigV4Error) -> Claim {
        guard let claim = try SignatureClaim(signed) else {
            let now = unixMilliseconds()
            guard let authorization = head.fields.first("authorization") else {
                let session = sessions.session(
                    cookies: head.fields.first("cookie"), word: head.fields.first("x-glo-session"),
                    nowMilliseconds: now)
                guard let session else { throw .missing }
                return .known(session.principal)
            }
            guard let token = AdminToken.bearer(authorization),
                let principal = sessions.bearers.principal(token: token, nowMilliseconds: now)
            else { throw .unknownKey }
            return .known(principal)
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
