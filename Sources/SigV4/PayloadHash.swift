import Crypto
package import HTTPCodec
package import NIOCore
import TextForms

/// What a request says of its body: `x-amz-content-sha256`, or nothing.
package enum PayloadHash: Hashable, Sendable {
    /// Nothing is said: the body's hash is part of the signature.
    case implied
    /// The hash in hexadecimal; the body has to have it.
    case stated(String)
    case unsigned
    /// The body comes in signed chunks.
    case signedChunks
    /// The body comes in chunks without signatures and with a trailer.
    case unsignedChunks

    private static let chunksText = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
    private static let unsignedChunksText = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

    /// - Throws: a form of chunks that is not known.
    package init(_ fields: HTTPFields) throws(SigV4Error) {
        guard let text = fields.first("x-amz-content-sha256") else {
            self = .implied
            return
        }
        switch text {
        case "UNSIGNED-PAYLOAD": self = .unsigned
        case Self.chunksText: self = .signedChunks
        case Self.unsignedChunksText: self = .unsignedChunks
        case _ where text.hasPrefix("STREAMING-"):
            throw .invalid("The value of 'x-amz-content-sha256' is not supported.")
        default: self = .stated(text)
        }
    }

    /// Whether the body's hash has to be computed.
    package var needsHash: Bool {
        switch self {
        case .implied, .stated: true
        case .unsigned, .signedChunks, .unsignedChunks: false
        }
    }

    /// What ends the canonical request.
    ///
    /// - Parameter actual: the body's hash, when it is needed.
    /// - Throws: the body has not the hash that was stated.
    package func signed(actual: String) throws(SigV4Error) -> String {
        switch self {
        case .implied: return actual
        case .stated(let text):
            guard text.utf8.elementsEqual(actual.utf8) else {
                throw .invalid("The provided 'x-amz-content-sha256' header does not match what was computed.")
            }
            return text
        case .unsigned: return "UNSIGNED-PAYLOAD"
        case .signedChunks: return Self.chunksText
        case .unsignedChunks: return Self.unsignedChunksText
        }
    }

    /// SHA-256 in hexadecimal.
    package static func of(_ body: ByteBuffer) -> String {
        guard body.readableBytes > 0 else { return ofNothing }
        var hash = SHA256()
        body.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        return Hexadecimal.text(hash.finalize())
    }

    static let ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}
