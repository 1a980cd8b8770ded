import Observability
import HTTPCodec
import FunctionModel
import Gateway
import Logging
import NIOCore

/// Decides who may pass routes with `auth`. Lives on the data plane's event loop.
final class RouteGuard: RouteAuthenticator {
    /// Checks AWS's signatures; nil lets none of them pass.
    var sigV4: (any RouteAuthenticator)?
    private let secrets: SecretCache
    private let tokens: TokenAuthenticator
    private let unixSeconds: () -> Int64

    init(secrets: SecretCache, tokens: TokenAuthenticator, unixSeconds: @escaping () -> Int64) {
        self.secrets = secrets
        self.tokens = tokens
        self.unixSeconds = unixSeconds
    }

    /// The controller's own, made on its event loop.
    convenience init(loop: any EventLoop, _ keySets: KeySetSource, logger: Logger) {
        let secrets = SecretCache(files: keySets.secrets, logger: logger) {
            MonotonicTime(nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds))
        }
        self.init(
            secrets: secrets, tokens: TokenAuthenticator(loop: loop, source: keySets, logger: logger),
            unixSeconds: { SystemClock.unixMilliseconds() / 1000 })
    }

    func authenticate(
        _ attempt: AuthenticationAttempt, _ done: @escaping (Result<RouteIdentity, AuthenticationFailure>) -> Void
    ) {
        switch attempt.auth {
        case .keys(let names): done(checkKeys(attempt, names))
        case .webhook(let settings): done(checkWebhook(attempt, settings))
        case .token: tokens.authenticate(attempt, done)
        case .sigV4:
            guard let sigV4 else { return done(.failure(.unavailable)) }
            sigV4.authenticate(attempt, done)
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
