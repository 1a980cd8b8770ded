/// The payload as bytes.
extension InvokeResult {
    /// Puts bytes into the member that can hold them.
    package mutating func setPayload(_ bytes: [UInt8]) {
        if let text = String(validating: bytes, as: UTF8.self) {
            payload = text
            payloadBase64 = nil
        } else {
            payload = nil
            payloadBase64 = Base64.encode(bytes)
        }
    }

    /// The bytes, exactly as the handler gave them; nil when the document's base64 is broken.
    package var payloadBytes: [UInt8]? {
        if let payload { return Array(payload.utf8) }
        guard let payloadBase64 else { return [] }
        return Base64.decode(payloadBase64)
    }
}
