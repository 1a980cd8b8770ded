/// Why a request's signature is not accepted, under the names that AWS's clients know.
package struct SigV4Error: Error, Sendable, Hashable {
    package enum Code: String, Sendable {
        case missingAuthenticationToken = "MissingAuthenticationTokenException"
        case incompleteSignature = "IncompleteSignatureException"
        case unrecognizedClient = "UnrecognizedClientException"
        case invalidSignature = "InvalidSignatureException"
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Nothing in the request says who sends it.
    package static let missing = SigV4Error(.missingAuthenticationToken, "Missing Authentication Token")
    /// The access key is not known.
    package static let unknownKey = SigV4Error(
        .unrecognizedClient, "The security token included in the request is invalid.")
    /// Another secret, or another request than the one that was signed.
    package static let mismatch = SigV4Error(
        .invalidSignature,
        """
        The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
        Key and signing method. Consult the service documentation for details.
        """)

    static func incomplete(_ message: String) -> SigV4Error { SigV4Error(.incompleteSignature, message) }
    static func invalid(_ message: String) -> SigV4Error { SigV4Error(.invalidSignature, message) }
}
