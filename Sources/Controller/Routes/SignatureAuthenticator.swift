import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import SigV4

/// Checks requests that an access key signed (`auth: sigv4`, the function URLs of type AWS_IAM). Lives on the data
/// plane's event loop.
final class SignatureAuthenticator: RouteAuthenticator {
    private static let services = ["lambda"]

    private let keys: AccessKeyRing
    private let now: () -> MonotonicTime
    private let unixSeconds: () -> Int64
    private var verifier = SignatureVerifier()

    init(keys: AccessKeyRing, now: @escaping () -> MonotonicTime, unixSeconds: @escaping () -> Int64) {
        self.keys = keys
        self.now = now
        self.unixSeconds = unixSeconds
    }

    func authenticate(
        _ attempt: AuthenticationAttempt, _ done: @escaping (Result<RouteIdentity, AuthenticationFailure>) -> Void
    ) {
        do throws(SigV4Error) {
            done(.success(try check(attempt)))
        } catch {
            done(.failure(Self.failure(error)))
        }
    }

    private func check(_ attempt: AuthenticationAttempt) throws(SigV4Error) -> RouteIdentity {
        let head = attempt.head
        let signed = SignedRequest(
            method: head.method.name, path: head.path, query: head.query, fields: head.fields)
        guard let claim = try SignatureClaim(signed) else { throw .missing }
        try claim.check(signed, services: Self.services, now: unixSeconds())
        guard let secret = keys.secret(of: claim.accessKeyID, now: now()) else { throw .unknownKey }
        let payload = try PayloadHash(signed.fields)
        switch payload {
        case .implied, .stated, .unsigned: break
        case .signedChunks, .unsignedChunks:
            throw SigV4Error(.invalidSignature, "Bodies in signed chunks are not taken by routes.")
        }
        let hash = payload.needsHash ? PayloadHash.of(attempt.body) : ""
        try verifier.verify(claim, of: signed, payloadHash: try payload.signed(actual: hash), secret: secret)
        return RouteIdentity(name: claim.accessKeyID, authorizer: Self.authorizer(claim.accessKeyID))
    }

    /// As Lambda's function URLs tell it. The id of a key is letters, digits and `_`.
    private static func authorizer(_ id: String) -> String {
        "{\"iam\":{\"accessKey\":\"\(id)\",\"accountId\":\"\(LambdaIdentity.account)\",\"callerId\":\"\(id)\","
            + "\"cognitoIdentity\":null,\"principalOrgId\":null,"
            + "\"userArn\":\"arn:aws:iam::\(LambdaIdentity.account):user/\(id)\",\"userId\":\"\(id)\"}}"
    }

    private static func failure(_ error: SigV4Error) -> AuthenticationFailure {
        switch error.code {
        case .missingAuthenticationToken, .incompleteSignature:
            AuthenticationFailure(.unauthorized, error.message, challenge: "AWS4-HMAC-SHA256")
        case .unrecognizedClient, .invalidSignature: AuthenticationFailure(.forbidden, error.message)
        }
    }
}
