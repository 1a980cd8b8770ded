import LinuxSystem
import HTTPCodec
import FunctionModel
import Gateway
import Logging
import NIOCore

/// Decides who may pass routes with `auth`. Lives on the data plane's event loop.
final class RouteGuard: RouteAuthenticator {
    private let secrets: SecretCache
    private let tokens: any RouteAuthenticator
    private let signatures: any RouteAuthenticator
    private let unixSeconds: () -> Int64

    init(
        secrets: SecretCache, tokens: any RouteAuthenticator, signatures: any RouteAuthenticator,
        unixSeconds: @escaping () -> Int64
    ) {
        self.secrets = secrets
        self.tokens = tokens
        self.signatures = signatures
        self.unixSeconds = unixSeconds
    }

    /// The controller's own, made on its event loop.
    convenience init(loop: any EventLoop, _ keySets: KeySetSource, accessKeys: AccessKeyRing, logger: Logger) {
        let now = { MonotonicTime.now() }
        let unixSeconds = { SystemClock.unixMilliseconds() / 1000 }
        self.init(
            secrets: SecretCache(files: keySets.secrets, logger: logger, now: now),
            tokens: TokenAuthenticator(loop: loop, source: keySets, logger: logger),
            signatures: SignatureAuthenticator(keys: accessKeys, now: now, unixSeconds: unixSeconds),
            unixSeconds: unixSeconds)
    }

    func authenticate(
        _ attempt: AuthenticationAttempt, _ done: @escaping (Result<RouteIdentity, AuthenticationFailure>) -> Void
    ) {
        switch attempt.auth {
        case .keys(let names): done(checkKeys(attempt, names))
        case .webhook(let settings): done(checkWebhook(attempt, settings))
        case .token: tokens.authenticate(attempt, done)
        case .sigV4: signatures.authenticate(attempt, done)
        }
    }

    /// One secret that is missing does not lock out who has a key of another.
    private func checkKeys(
        _ attempt: AuthenticationAttempt, _ names: [String]
    ) -> Result<RouteIdentity, AuthenticationFailure> {
        let files = names.compactMap { name in
            secrets.contents(of: name).map { APIKeyCheck.KeyFile(name: name, contents: $0) }
        }
        guard !files.isEmpty else { return .failure(.unavailable) }
        return APIKeyCheck.check(attempt.head.fields, files)
    }

    private func checkWebhook(
        _ attempt: AuthenticationAttempt, _ settings: WebhookSettings
    ) -> Result<RouteIdentity, AuthenticationFailure> {
        guard let secret = secrets.contents(of: settings.secret) else { return .failure(.unavailable) }
        return WebhookCheck.check(
            attempt.head.fields, body: attempt.body, settings, secret: secret, nowSeconds: unixSeconds())
    }
}
