package import FunctionModel

/// Token buckets, one for each client, in bounded memory.
///
/// A bucket is one number: when it would be full again (the generic cell rate algorithm, ITU-T I.371). So a client whose
/// moment has passed need not be remembered. When more clients than ``capacity`` are under way, the new ones share
/// buckets: a flood of made-up clients limits itself, and nobody who was there before.
package struct RateLimiter<Client: Hashable & Sendable>: Sendable {
    package struct Verdict: Hashable, Sendable {
        package let isAdmitted: Bool
        /// Requests that could follow at once.
        package let remaining: Int
        /// Until one more request is admitted; 0 when one would be now.
        package let retryAfterMilliseconds: Int
        /// Until the bucket is full.
        package let resetMilliseconds: Int
    }

    package let settings: RateLimitSettings
    private let capacity: Int
    /// Nanoseconds that one request takes to be made up for.
    private let interval: Int64
    /// When each client's bucket is full, in nanoseconds of the monotonic clock.
    private var full: [Client: Int64] = [:]
    private var shared: [Int64]
    private var sweptAt: Int64 = .min

    /// - Parameter capacity: clients that have a bucket of their own.
    package init(_ settings: RateLimitSettings, capacity: Int = 16_384, sharedBuckets: Int = 256) {
        self.settings = settings
        self.capacity = capacity
        interval = max(1, Int64(settings.rate.perMilliseconds) * 1_000_000 / Int64(settings.rate.count))
        shared = [Int64](repeating: .min, count: sharedBuckets)
    }

    /// Clients that are remembered.
    package var clientCount: Int { full.count }

    /// Takes a token of the client's bucket, if there is one.
    package mutating func admit(_ client: Client, now: MonotonicTime) -> Verdict {
        let now = now.nanoseconds
        if let known = full[client] {
            let (verdict, next) = decide(known, now)
            full[client] = next
            return verdict
        }
        if full.count >= capacity { sweep(now) }
        guard full.count < capacity else { return admitToShared(client, now) }
        let (verdict, next) = decide(now, now)
        full[client] = next
        return verdict
    }

    private mutating func admitToShared(_ client: Client, _ now: Int64) -> Verdict {
        // Hashes differ from run to run, so nobody can aim at another's bucket.
        let index = Int(UInt(bitPattern: client.hashValue) % UInt(shared.count))
        let (verdict, next) = decide(shared[index], now)
        shared[index] = next
        return verdict
    }

    private func decide(_ known: Int64, _ now: Int64) -> (Verdict, Int64) {
        let start = max(known, now)
        let depth = interval * Int64(settings.burst)
        let next = start + interval
        let isAdmitted = next - now <= depth
        let owed = (isAdmitted ? next : start) - now
        let remaining = Int(max(0, depth - owed) / interval)
        let wait = max(0, owed + interval - depth)
        let verdict = Verdict(
            isAdmitted: isAdmitted, remaining: remaining, retryAfterMilliseconds: Int((wait + 999_999) / 1_000_000),
            resetMilliseconds: Int((owed + 999_999) / 1_000_000))
        return (verdict, isAdmitted ? next : known)
    }

    /// Forgets clients whose buckets are full. At most once a second, since it looks at all of them.
    private mutating func sweep(_ now: Int64) {
        guard sweptAt == .min || now - sweptAt >= 1_000_000_000 else { return }
        sweptAt = now
        full = full.filter { $0.value > now }
    }
}
