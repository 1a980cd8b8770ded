import Crypto
import TextForms

/// Signs what is sent, as Standard Webhooks 1.0.0 says, so that a receiver can check it with a ready-made library.
package enum StandardWebhooks {
    /// The three header fields of one message.
    ///
    /// - Parameters:
    ///   - id: the same for every attempt at one message; a receiver knows a repetition by it. Visible ASCII, without
    ///     a full stop, which parts the id from the time in what is signed.
    ///   - timestampSeconds: when this attempt is made, in seconds since 1970; receivers refuse old ones.
    ///   - body: exactly the bytes that are sent.
    ///   - secrets: one, or several while a receiver changes from one to the next; each makes a signature.
    /// - Throws: `invalidRequest`.
    package static func fields(
        id: String, timestampSeconds: Int, body: [UInt8], secrets: [WebhookSecret]
    ) throws(OutboundError) -> [(name: String, value: String)] {
        guard !id.isEmpty, id.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: ".") }) else {
            throw .invalidRequest(
                "A webhook's id is empty or has a full stop, a space or a character that is not ASCII in it.",
                "Use letters, digits, hyphens and underscores.")
        }
        guard !secrets.isEmpty else {
            throw .invalidRequest("There is no secret to sign a webhook with.", "Configure one, such as whsec_….")
        }
        let signatures = secrets.map {
            signature(id: id, timestampSeconds: timestampSeconds, body: body, secret: $0)
        }
        return [
            ("webhook-id", id), ("webhook-timestamp", "\(timestampSeconds)"),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }

    /// `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
    static func signature(id: String, timestampSeconds: Int, body: [UInt8], secret: WebhookSecret) -> String {
        var hmac = HMAC<SHA256>(key: SymmetricKey(data: secret.bytes))
        hmac.update(data: Array("\(id).\(timestampSeconds).".utf8))
        hmac.update(data: body)
        return "v1," + Base64.encode(Array(hmac.finalize()))
    }
}
