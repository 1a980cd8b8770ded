import FunctionModel

/// Tokens that come at a steady rate; at most one second's worth is saved up.
struct TokenBucket: Sendable {
    private let perSecond: Int64
    private var tokens: Int64
    private var filledAt: MonotonicTime

    init(perSecond: Int, now: MonotonicTime) {
        self.perSecond = Int64(max(1, perSecond))
        tokens = self.perSecond
        filledAt = now
    }

    /// Whether this many can be taken now. What is larger than the bucket needs a full one.
    mutating func has(_ count: Int, now: MonotonicTime) -> Bool {
        fill(now)
        return tokens >= min(Int64(count), perSecond)
    }

    mutating func take(_ count: Int) { tokens -= Int64(count) }

    private mutating func fill(_ now: MonotonicTime) {
        let elapsed = now.nanoseconds(since: filledAt)
        guard elapsed > 0 else { return }
        let (product, overflow) = elapsed.multipliedReportingOverflow(by: perSecond)
        let added = overflow ? Int64.max / 2 : product / 1_000_000_000
        guard added > 0 else { return }
        tokens = min(perSecond, tokens + added)
        filledAt = now
    }
}
