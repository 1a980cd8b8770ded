import Crypto
package import FunctionModel
package import HTTPCodec
package import NIOCore
import TextForms

/// Signatures over the raw body, as senders of webhooks make them.
package enum WebhookCheck {
    /// - Parameter secret: the secret's file; a line end behind it is not part of it.
    package static func check(
        _ fields: HTTPFields, body: ByteBuffer, _ settings: WebhookSettings, secret: [UInt8], nowSeconds: Int64
    ) -> Result<RouteIdentity, AuthenticationFailure> {
        let secret = trimmed(secret)
        guard !secret.isEmpty else { return .failure(.unavailable) }
        let failure: AuthenticationFailure?
        switch settings.provider {
        case .github: failure = github(fields, body, secret)
        case .stripe: failure = stripe(fields, body, secret, settings, nowSeconds)
        case .standardWebhooks: failure = standard(fields, body, secret, settings, nowSeconds)
        }
        if let failure { return .failure(failure) }
        let name = settings.provider.rawValue
        return .success(RouteIdentity(name: name, authorizer: "{\"webhook\":{\"provider\":\"\(name)\"}}"))
    }

    // MARK: Providers

    /// `sha256=` and the HMAC of the body in hexadecimal digits.
    private static func github(_ fields: HTTPFields, _ body: ByteBuffer, _ secret: [UInt8]) -> AuthenticationFailure? {
        guard let value = fields.first("x-hub-signature-256") else { return missing("X-Hub-Signature-256") }
        guard value.hasPrefix("sha256="), let signature = hexadecimal(value.dropFirst(7)) else {
            return malformed("X-Hub-Signature-256")
        }
        return isValid([signature], secret, [], body) ? nil : wrong
    }

    /// `t=` a Unix time, and one or more `v1=` HMACs of the time, a point and the body.
    private static func stripe(
        _ fields: HTTPFields, _ body: ByteBuffer, _ secret: [UInt8], _ settings: WebhookSettings, _ now: Int64
    ) -> AuthenticationFailure? {
        guard let value = fields.first("stripe-signature") else { return missing("Stripe-Signature") }
        var time: Substring?
        var signatures: [[UInt8]] = []
        for part in value.split(separator: ",").map({ $0.drop { $0 == " " } }) {
            if part.hasPrefix("t=") { time = time ?? part.dropFirst(2) }
            if part.hasPrefix("v1="), let signature = hexadecimal(part.dropFirst(3)) { signatures.append(signature) }
        }
        guard let time, let seconds = Int64(time), !signatures.isEmpty else { return malformed("Stripe-Signature") }
        guard isValid(signatures, secret, Array("\(time).".utf8), body) else { return wrong }
        return isRecent(seconds, settings, now) ? nil : stale
    }

    /// Signatures in Base64 behind `v1,`, over id, time and body. The secret is Base64 too, behind `whsec_`.
    private static func standard(
        _ fields: HTTPFields, _ body: ByteBuffer, _ secret: [UInt8], _ settings: WebhookSettings, _ now: Int64
    ) -> AuthenticationFailure? {
        guard let id = fields.first("webhook-id") else { return missing("webhook-id") }
        guard let time = fields.first("webhook-timestamp") else { return missing("webhook-timestamp") }
        guard let value = fields.first("webhook-signature") else { return missing("webhook-signature") }
        guard let seconds = Int64(time) else { return malformed("webhook-timestamp") }
        let signatures = value.split(separator: " ").compactMap { part in
            part.hasPrefix("v1,") ? base64(part.dropFirst(3)) : nil
        }
        guard !signatures.isEmpty else { return malformed("webhook-signature") }
        guard let key = standardKey(secret) else { return .unavailable }
        guard isValid(signatures, key, Array("\(id).\(time).".utf8), body) else { return wrong }
        return isRecent(seconds, settings, now) ? nil : stale
    }

    private static func standardKey(_ secret: [UInt8]) -> [UInt8]? {
        let text = String(decoding: secret, as: UTF8.self)
        guard text.hasPrefix("whsec_") else { return secret }
        return base64(text.dropFirst(6))
    }

    // MARK: Pieces

    private static func isValid(
        _ signatures: [[UInt8]], _ secret: [UInt8], _ prefix: [UInt8], _ body: ByteBuffer
    ) -> Bool {
        var mac = HMAC<SHA256>(key: SymmetricKey(data: secret))
        mac.update(data: prefix)
        body.withUnsafeReadableBytes { mac.update(data: $0) }
        let expected = Array(mac.finalize())
        var isFound = false
        for signature in signatures where ConstantTime.areEqual(signature, expected) { isFound = true }
        return isFound
    }

    private static func isRecent(_ seconds: Int64, _ settings: WebhookSettings, _ now: Int64) -> Bool {
        let (distance, overflow) = now.subtractingReportingOverflow(seconds)
        return !overflow && distance.magnitude <= UInt64(settings.toleranceSeconds)
    }

    private static func missing(_ name: String) -> AuthenticationFailure {
        AuthenticationFailure(
            .unauthorized, "The request has no \(name), by which its sender signs it.", challenge: "Signature")
    }

    private static func malformed(_ name: String) -> AuthenticationFailure {
        AuthenticationFailure(.unauthorized, "The request's \(name) is malformed.", challenge: "Signature")
    }

    private static let wrong = AuthenticationFailure(
        .forbidden, "The signature does not fit the body and this route's secret.")
    private static let stale = AuthenticationFailure(
        .forbidden, "The signed time is too far from now; a message is not taken a second time later.")

    private static func trimmed(_ secret: [UInt8]) -> [UInt8] {
        var secret = secret
        while let last = secret.last, last == 0x0a || last == 0x0d { secret.removeLast() }
        return secret
    }

    private static func hexadecimal(_ text: Substring) -> [UInt8]? {
        text.utf8.count == 64 ? Hexadecimal.bytes(text) : nil
    }

    private static func base64(_ text: Substring) -> [UInt8]? {
        text.isEmpty ? nil : Base64.decode(String(text), .optionallyPadded)
    }
}
