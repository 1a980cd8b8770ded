/// Whose webhooks a route takes, and with which secret they are signed.
package struct WebhookSettings: Hashable, Sendable {
    package enum Provider: String, Hashable, Sendable, CaseIterable {
        /// `X-Hub-Signature-256` over the body.
        case github
        /// `Stripe-Signature` over a time and the body.
        case stripe
        /// `webhook-signature` over id, time and body (standardwebhooks.com).
        case standardWebhooks = "standard-webhooks"

        /// Whether a time is signed, so that an old message can be told from a new one.
        package var signsTime: Bool { self != .github }
    }

    package var provider: Provider
    /// The name of the secret.
    package var secret: String
    /// How far the signed time may lie from now, in seconds.
    package var toleranceSeconds: Int

    package init(provider: Provider, secret: String, toleranceSeconds: Int = 300) {
        self.provider = provider
        self.secret = secret
        self.toleranceSeconds = toleranceSeconds
    }
}
