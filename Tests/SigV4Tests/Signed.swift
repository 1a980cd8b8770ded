import HTTPCodec
import NIOCore
import SigV4

/// Requests that botocore signed (its code with a fixed clock), and what their server says of them.
enum Signed {
    static let keyID = "GLOAKEXAMPLE0000001"
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    /// 2026-01-02 03:04:05 UTC.
    static let now: Int64 = 1_767_323_045
    static let path = "/2015-03-31/functions/hello/invocations"

    static func request(
        _ method: String = "POST", _ path: String = Signed.path, query: String = "", region: String = "eu-north-1",
        service: String = "lambda", headers: String = "host;x-amz-date", signature: String,
        fields: [(String, String)] = []
    ) -> SignedRequest {
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(keyID)/20260102/\(region)/\(service)/aws4_request, "
            + "SignedHeaders=\(headers), Signature=\(signature)"
        let all = [("Host", "127.0.0.1:9000"), ("X-Amz-Date", "20260102T030405Z")] + fields
        return SignedRequest(
            method: method, path: path, query: query, fields: HTTPFields(all + [("Authorization", authorization)]))
    }

    static let plain = request(signature: "39cb4cbc4e58ac9f5be36720f7357ee24c85a436c9f3e50eae6d2327701afc83")

    /// Everything that a server does; gives the body without its coding.
    @discardableResult
    static func accept(
        _ request: SignedRequest, body: String = "", secret: String = Signed.secret, now: Int64 = Signed.now,
        services: [String] = ["lambda", "sqs"]
    ) throws(SigV4Error) -> ByteBuffer {
        guard let claim = try SignatureClaim(request) else { throw .missing }
        try claim.check(request, services: services, now: now)
        guard claim.accessKeyID == keyID else { throw .unknownKey }
        let bytes = ByteBuffer(string: body)
        let payload = try PayloadHash(request.fields)
        var verifier = SignatureVerifier()
        let signer = try verifier.verify(
            claim, of: request, payloadHash: payload.signed(actual: payload.needsHash ? PayloadHash.of(bytes) : ""),
            secret: secret)
        switch payload {
        case .signedChunks: return try ChunkedPayload.decode(bytes, signer: signer)
        case .unsignedChunks: return try ChunkedPayload.decode(bytes, signer: nil)
        case .implied, .stated, .unsigned: return bytes
        }
    }
}
