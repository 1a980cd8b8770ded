/// How many requests of one client a route takes.
package struct RateLimitSettings: Hashable, Sendable {
    /// Who counts as one client.
    package enum Client: Hashable, Sendable {
        /// An address; for IPv6 a /64.
        case address
        /// Whoever the route's `auth` has found.
        case identity
        /// The value of a header, its name in small letters; requests without it are one client.
        case header(String)
    }

    package var rate: EventRate
    /// Requests that may come at once after a pause.
    package var burst: Int
    package var client: Client

    package init(rate: EventRate, burst: Int, client: Client = .address) {
        self.rate = rate
        self.burst = burst
        self.client = client
    }
}
