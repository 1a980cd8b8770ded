import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import Testing

@Suite("Webhooks' signatures")
struct WebhookCheckTests {
    private func check(
        _ provider: WebhookSettings.Provider, secret: String, _ fields: [(String, String)], body: String,
        now: Int64 = 0
    ) -> Result<RouteIdentity, AuthenticationFailure> {
        WebhookCheck.check(
            HTTPFields(fields), body: ByteBuffer(string: body),
            WebhookSettings(provider: provider, secret: "s", toleranceSeconds: 300), secret: Array(secret.utf8),
            nowSeconds: now)
    }

    private func code(_ result: Result<RouteIdentity, AuthenticationFailure>) -> FailureCode? {
        guard case .failure(let failure) = result else { return nil }
        return failure.code
    }

    /// The test values of GitHub's documentation.
    private static let githubSignature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    @Test("GitHub's documented example passes, with and without a line end behind the secret", arguments: ["", "\n"])
    func github(end: String) throws {
        let result = check(
            .github, secret: "It's a Secret to Everybody" + end, [("X-Hub-Signature-256", Self.githubSignature)],
            body: "Hello, World!")
        #expect(try result.get().authorizer == "{\"webhook\":{\"provider\":\"github\"}}")
    }

    @Test("Another body or secret is forbidden, a missing or broken signature unauthorized")
    func githubWrong() {
        let right = [("X-Hub-Signature-256", Self.githubSignature)]
        #expect(code(check(.github, secret: "It's a Secret to Everybody", right, body: "Hello")) == .forbidden)
        #expect(code(check(.github, secret: "other", right, body: "Hello, World!")) == .forbidden)
        #expect(code(check(.github, secret: "x", [], body: "")) == .unauthorized)
        #expect(code(check(.github, secret: "x", [("X-Hub-Signature-256", "sha256=zz")], body: "")) == .unauthorized)
    }

    private static let stripeSignature = "38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789"

    @Test("Stripe's signature covers the time; one of several signatures is enough")
    func stripe() throws {
        let field = (
            "Stripe-Signature", "t=1700000000,v1=\(String(repeating: "0", count: 64)),v1=\(Self.stripeSignature),v0=x"
        )
        _ = try check(.stripe, secret: "whsec_test", [field], body: "{\"a\":1}", now: 1_700_000_300).get()
        _ = try check(.stripe, secret: "whsec_test", [field], body: "{\"a\":1}", now: 1_699_999_700).get()
    }

    @Test(
        "A time outside of the tolerance is forbidden, in both directions", arguments: [1_700_000_301, 1_699_999_699])
    func stripeStale(now: Int64) {
        let field = ("Stripe-Signature", "t=1700000000,v1=\(Self.stripeSignature)")
        #expect(code(check(.stripe, secret: "whsec_test", [field], body: "{\"a\":1}", now: now)) == .forbidden)
    }

    @Test("A time that was changed does not fit the signature")
    func stripeForged() {
        let field = ("Stripe-Signature", "t=1700000100,v1=\(Self.stripeSignature)")
        #expect(
            code(check(.stripe, secret: "whsec_test", [field], body: "{\"a\":1}", now: 1_700_000_100)) == .forbidden)
    }

    @Test(
        "What is no signature of Stripe is unauthorized",
        arguments: ["", "v1=00", "t=1", "t=x,v1=\(stripeSignature)", "t=99999999999999999999,v1=\(stripeSignature)"])
    func stripeMalformed(value: String) {
        #expect(
            code(check(.stripe, secret: "whsec_test", [("Stripe-Signature", value)], body: "{}")) == .unauthorized)
    }

    /// The example of the Standard Webhooks specification.
    private static let standardFields = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", "1614265330"),
        ("webhook-signature", "v2,abc v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    ]

    @Test("The example of Standard Webhooks passes")
    func standard() throws {
        _ = try check(
            .standardWebhooks, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Self.standardFields,
            body: "{\"test\": 2432232314}", now: 1_614_265_330
        ).get()
    }

    @Test("Each of its three headers is needed", arguments: 0..<3)
    func standardMissing(index: Int) {
        var fields = Self.standardFields
        fields.remove(at: index)
        let result = check(
            .standardWebhooks, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", fields, body: "{\"test\": 2432232314}",
            now: 1_614_265_330)
        #expect(code(result) == .unauthorized)
    }

    @Test("An empty secret lets nobody pass")
    func emptySecret() {
        #expect(
            code(check(.github, secret: "\n", [("X-Hub-Signature-256", Self.githubSignature)], body: ""))
                == .authUnavailable)
    }
}
