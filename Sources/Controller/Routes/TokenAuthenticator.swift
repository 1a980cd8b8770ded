import LinuxSystem
import DispatchCore
import HTTPCodec
import FunctionModel
import Gateway
import Logging
import NIOCore
import TokenAuth

/// Checks JSON Web Tokens. The arithmetic happens on other threads; state lives on the data plane's event loop.
final class TokenAuthenticator: RouteAuthenticator {
    /// Keys as they were loaded for one route's settings.
    private final class Keys {
        var verifier: TokenVerifier?
        var loadedAt: MonotonicTime?
        var isLoading = false
        var reason: String?
        /// Requests that wait for the first loading, or for newer keys.
        var waiting: [() -> Void] = []
    }

    private struct Place: Hashable {
        let settings: TokenSettings
        let filesPath: String
    }

    private typealias Done = (Result<RouteIdentity, AuthenticationFailure>) -> Void

    private static let mostPlaces = 1_000
    private static let challenge = "Bearer realm=\"glo\""

    private let loop: any EventLoop
    private let source: KeySetSource
    private let logger: Logger
    private var places: [Place: Keys] = [:]

    init(loop: any EventLoop, source: KeySetSource, logger: Logger) {
        self.loop = loop
        self.source = source
        self.logger = logger
    }

    func authenticate(
        _ attempt: AuthenticationAttempt, _ done: @escaping (Result<RouteIdentity, AuthenticationFailure>) -> Void
    ) {
        guard case .token(let settings) = attempt.auth else { return done(.failure(.unavailable)) }
        guard let token = BearerToken.read(attempt.head.fields) else {
            let detail = "The route needs a JSON Web Token, as Authorization: Bearer."
            return done(.failure(AuthenticationFailure(.unauthorized, detail, challenge: Self.challenge)))
        }
        let place = Place(settings: settings, filesPath: attempt.route.policies?.filesPath ?? "")
        let keys = keys(of: place)
        if isStale(keys, place) { load(keys, place) }
        guard keys.verifier == nil else { return verify(token, keys, place, mayReload: true, done) }
        guard keys.isLoading else { return done(.failure(.unavailable)) }
        keys.waiting.append { [self] in verify(token, keys, place, mayReload: false, done) }
    }

    // MARK: Keys

    private func keys(of place: Place) -> Keys {
        if let known = places[place] { return known }
        if places.count >= Self.mostPlaces { places = places.filter { $0.value.isLoading } }
        let keys = Keys()
        places[place] = keys
        return keys
    }

    private func isStale(_ keys: Keys, _ place: Place) -> Bool {
        guard !keys.isLoading else { return false }
        guard let loadedAt = keys.loadedAt else { return true }
        let limit = keys.reason == nil ? place.settings.keySet.freshMilliseconds : KeySetSource.retryMilliseconds
        return now.milliseconds(since: loadedAt) >= limit
    }

    private var now: MonotonicTime { MonotonicTime.now() }

    private func load(_ keys: Keys, _ place: Place) {
        keys.isLoading = true
        let (source, loop) = (source, loop)
        let bound = NIOLoopBound((self, keys), eventLoop: loop)
        Task {
            let result = await source.load(place.settings, filesPath: place.filesPath)
            loop.execute { bound.value.0.loaded(result, bound.value.1, place) }
        }
    }

    private func loaded(_ result: Result<TokenVerifier, TokenError>, _ keys: Keys, _ place: Place) {
        keys.isLoading = false
        keys.loadedAt = now
        switch result {
        case .success(let verifier):
            keys.verifier = verifier
            keys.reason = nil
        case .failure(let error):
            let reason = "\(error)"
            if keys.reason != reason {
                logger.error(
                    "The keys for a route's tokens cannot be loaded",
                    metadata: ["place": "\(place.settings.keySet.text)", "reason": "\(reason)"])
            }
            keys.reason = reason
            // What is not on this machine may be away for a while; what is here was taken away by somebody.
            if !place.settings.keySet.isRemote { keys.verifier = nil }
        }
        let waiting = keys.waiting
        keys.waiting = []
        for resume in waiting { resume() }
    }

    // MARK: Tokens

    private func verify(_ token: String, _ keys: Keys, _ place: Place, mayReload: Bool, _ done: @escaping Done) {
        guard let verifier = keys.verifier else { return done(.failure(.unavailable)) }
        let nowSeconds = SystemClock.unixMilliseconds() / 1000
        let loop = loop
        let bound = NIOLoopBound((self, keys, done), eventLoop: loop)
        Task {
            let result: Result<TokenClaims, TokenError>
            do throws(TokenError) {
                result = .success(try await verifier.verify(token, nowSeconds: nowSeconds))
            } catch {
                result = .failure(error)
            }
            loop.execute {
                let (me, keys, done) = bound.value
                me.verified(result, token, keys, place, mayReload: mayReload, done)
            }
        }
    }

    private func verified(
        _ result: Result<TokenClaims, TokenError>, _ token: String, _ keys: Keys, _ place: Place, mayReload: Bool,
        _ done: @escaping Done
    ) {
        switch result {
        case .success(let claims):
            done(.success(RouteIdentity(name: claims.subject ?? "", authorizer: claims.authorizer)))
        case .failure(.unknownKey) where mayReload && mayReloadNow(keys, place):
            keys.waiting.append { [self] in verify(token, keys, place, mayReload: false, done) }
            if !keys.isLoading { load(keys, place) }
        case .failure(let error): done(.failure(Self.failure(error)))
        }
    }

    /// An issuer signs with a new key at once; but tokens that are made up must not have its keys fetched all the time.
    private func mayReloadNow(_ keys: Keys, _ place: Place) -> Bool {
        guard place.settings.keySet.isRemote, let loadedAt = keys.loadedAt else { return false }
        return keys.isLoading || now.milliseconds(since: loadedAt) >= KeySetSource.retryMilliseconds
    }

    private static func failure(_ error: TokenError) -> AuthenticationFailure {
        switch error {
        case .invalid(let sentence):
            AuthenticationFailure(
                .unauthorized, sentence,
                challenge: challenge + ", error=\"invalid_token\", error_description=\"\(sentence)\"")
        case .unknownKey:
            failure(.invalid("The token is signed with a key that its issuer does not have."))
        case .missingScope(let scope):
            AuthenticationFailure(
                .forbidden, "The token does not have the scope that this route asks for.",
                challenge: challenge + ", error=\"insufficient_scope\", scope=\"\(scope)\"")
        case .keySet: .unavailable
        }
    }
}
