/// The payload as bytes.
extension InvokeResult {
    /// Puts bytes into the member that can hold them.
    package mutating func setPayload(_ bytes: [UInt8]) {
        (payload, payloadBase64) = TextOrBase64.members(bytes)
    }

    /// The bytes, exactly as the handler gave them; nil when the document's base64 is broken.
    package var payloadBytes: [UInt8]? { TextOrBase64.bytes(payload, payloadBase64) }
}
