import Testing

@testable import OutboundHTTP

/// Signatures that a receiver can check with a library of Standard Webhooks.
@Suite struct StandardWebhooksTests {
    private let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private let seconds = 1_614_265_330
    private let body = Array(#"{"test": 2432232314}"#.utf8)
    private let known = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    private func secret() throws -> WebhookSecret {
        try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    }

    private func value(_ name: String, _ fields: [(name: String, value: String)]) -> String? {
        fields.first { $0.name == name }?.value
    }

    @Test("The reference libraries' message has the signature that they expect")
    func knownAnswer() throws {
        let fields = try StandardWebhooks.fields(
            id: id, timestampSeconds: seconds, body: body, secrets: [try secret()])
        #expect(value("webhook-id", fields) == id)
        #expect(value("webhook-timestamp", fields) == "1614265330")
        #expect(value("webhook-signature", fields) == known)
    }

    @Test("Each secret makes a signature, parted by a space")
    func rotation() throws {
        // The second was computed with Python's hmac.
        let other = try #require(WebhookSecret(bytes: Array("another secret".utf8)))
        let fields = try StandardWebhooks.fields(
            id: id, timestampSeconds: seconds, body: body, secrets: [try secret(), other])
        #expect(value("webhook-signature", fields) == known + " v1,Vj553SwAkdYMkR0p1qx0taRuSNUv0qrYJQAbrrcii94=")
    }

    @Test("A secret without the prefix is its own bytes")
    func rawSecret() throws {
        #expect(try #require(WebhookSecret("another secret")).bytes == Array("another secret".utf8))
    }

    @Test("What holds no key is no secret", arguments: ["", "whsec_", "whsec_!!!"])
    func noSecret(_ text: String) { #expect(WebhookSecret(text) == nil) }

    @Test("A secret does not show itself")
    func hidden() throws {
        let secret = try #require(WebhookSecret("plain-text-key"))
        #expect("\(secret) \(String(reflecting: secret)) \(Optional(secret) as Any)".contains("plain") == false)
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("112"))
    }

    @Test("An id that would not stay apart from the time, or break a line, is refused", arguments: ["", "a.b", "a\nb"])
    func badID(_ id: String) throws {
        let secret = try secret()
        let error = #expect(throws: OutboundError.self) {
            _ = try StandardWebhooks.fields(id: id, timestampSeconds: seconds, body: body, secrets: [secret])
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test("Without a secret nothing is signed")
    func noSecrets() {
        #expect(throws: OutboundError.self) {
            _ = try StandardWebhooks.fields(id: id, timestampSeconds: seconds, body: body, secrets: [])
        }
    }
}
