import FoundationEssentials

/// A key that a receiver of webhooks knows too. Printing it shows nothing of it.
package struct WebhookSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    /// The key itself; nil when it is empty.
    package init?(bytes: [UInt8]) {
        guard !bytes.isEmpty else { return nil }
        self.bytes = bytes
    }

    /// `whsec_` and the key in base64, or any other text, whose UTF-8 bytes are then the key. Nil when there is no key
    /// in it, or what follows `whsec_` is not base64.
    package init?(_ text: String) {
        guard text.hasPrefix("whsec_") else {
            self.init(bytes: Array(text.utf8))
            return
        }
        guard let key = Data(base64Encoded: String(text.dropFirst(6))) else { return nil }
        self.init(bytes: Array(key))
    }

    package var description: String { "WebhookSecret(hidden)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
