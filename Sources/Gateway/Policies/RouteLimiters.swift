import DispatchCore
import FunctionModel
import HTTPCodec
import LinuxSystem

/// The token buckets of all routes that have a limit. They outlive the route table, which every deployment makes anew.
struct RouteLimiters {
    /// Who is limited.
    enum Client: Hashable, Sendable {
        case address(IPAddress)
        case text(String)
    }

    /// A route as it is written, so that a deployment that does not change it forgives nobody.
    private struct Place: Hashable {
        let function: FunctionName
        let pattern: String
        let methods: [String]
        let settings: RateLimitSettings
    }

    /// Longer texts are cut; who sends them is one client with all that begin so.
    private static let longestText = 256
    /// Limiters of routes that are gone are removed when there are so many.
    private static let mostLimiters = 10_000

    private var limiters: [Place: RateLimiter<Client>] = [:]

    /// - Parameter identity: whom the route's `auth` has found; nil before it has looked.
    /// - Returns: nil when it is not the time to count: a client by identity is known after `auth` alone.
    mutating func admit(
        _ route: Route, _ settings: RateLimitSettings, fields: HTTPFields, sourceAddress: String, identity: String?,
        now: MonotonicTime
    ) -> RateLimiter<Client>.Verdict? {
        let client: Client
        switch settings.client {
        case .address:
            guard identity == nil else { return nil }
            client = IPAddress(sourceAddress).map { .address($0.clientKey) } ?? .text(sourceAddress)
        case .header(let name):
            guard identity == nil else { return nil }
            client = .text(Self.cut(Self.value(of: name, fields)))
        case .identity:
            guard let identity else { return nil }
            client = .text(Self.cut(identity))
        }
        let place = Place(
            function: route.function, pattern: route.pattern.text, methods: (route.methods ?? []).map(\.name),
            settings: settings)
        if limiters[place] == nil, limiters.count >= Self.mostLimiters { limiters.removeAll() }
        return limiters[place, default: RateLimiter(settings)].admit(client, now: now)
    }

    private static func value(of name: String, _ fields: HTTPFields) -> String {
        fields.pairs.first { $0.name.lowercased() == name }?.value ?? ""
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= longestText ? text : String(decoding: text.utf8.prefix(longestText), as: UTF8.self)
    }
}

/// What a limit tells the client (draft-ietf-httpapi-ratelimit-headers).
enum RateLimitFields {
    static func write(
        _ verdict: RateLimiter<RouteLimiters.Client>.Verdict, _ settings: RateLimitSettings, to fields: inout HTTPFields
    ) {
        let window = max(1, (settings.burst * settings.rate.perMilliseconds / settings.rate.count + 999) / 1000)
        fields.append(name: "RateLimit-Policy", value: "\"default\";q=\(settings.burst);w=\(window)")
        let reset = (verdict.resetMilliseconds + 999) / 1000
        fields.append(name: "RateLimit", value: "\"default\";r=\(verdict.remaining);t=\(reset)")
    }

    static func problem(_ verdict: RateLimiter<RouteLimiters.Client>.Verdict) -> InvocationFailure {
        InvocationFailure(
            .rateLimited, "This client has sent more requests than the route takes from one.",
            retryAfterSeconds: max(1, (verdict.retryAfterMilliseconds + 999) / 1000))
    }
}
