import FunctionModel

/// How fast one function may log: two token buckets. The smaller one is for the START and END lines of ordinary
/// invocations, so that many quick invocations do not push out what the handler itself says, nor cost what a log line
/// costs: with the usual limit nearly 300 invocations a second have both of their lines.
struct LogBudget: Sendable {
    private var all: TokenBucket
    private var ordinary: TokenBucket
    /// Records left out since the last time this was told.
    private(set) var dropped = 0

    /// The part of the rate that ordinary invocations may use: one in this many.
    private static let ordinaryShare = 16

    init(bytesPerSecond: Int, now: MonotonicTime) {
        all = TokenBucket(perSecond: bytesPerSecond, now: now)
        ordinary = TokenBucket(perSecond: bytesPerSecond / Self.ordinaryShare, now: now)
    }

    /// Whether a record of this size may be kept; if not, it is counted.
    mutating func admit(bytes: Int, isOrdinaryInvocation: Bool, now: MonotonicTime) -> Bool {
        let fits =
            all.has(bytes, now: now) && (!isOrdinaryInvocation || ordinary.has(bytes, now: now))
        guard fits else {
            dropped += 1
            return false
        }
        all.take(bytes)
        if isOrdinaryInvocation { ordinary.take(bytes) }
        return true
    }

    /// Counts records that were lost before they came here.
    mutating func noteDropped(_ count: Int) { dropped += count }

    /// The number of records left out so far, which starts anew.
    mutating func takeDropped() -> Int {
        defer { dropped = 0 }
        return dropped
    }
}
