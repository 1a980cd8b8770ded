package import FunctionModel

/// Decides when the memory of one worker is looked at, and what follows from it.
///
/// A handler that leaks is replaced before the kernel ends it in the middle of a request. So the looks come as often
/// as needed to see the limit before it is passed: what the invocations between two looks may keep stays a fraction of
/// what is left. A worker that keeps nothing is looked at once in ``mostEnds`` invocations.
package struct MemoryWatch: Sendable {
    package enum Verdict: Hashable, Sendable {
        case fine
        /// It leaks: a successor should be made ready; meanwhile it works on.
        case leaks
        /// What is left may not be enough for more than what it runs now: it takes no more work.
        case exhausted
    }

    /// Ends after which a worker is looked at anyhow.
    package static let mostEnds = 64
    /// So many ends are looked at one by one, until it is known what an invocation leaves behind.
    private static let firstEnds = 8
    /// What an invocation may always be expected to leave behind.
    private static let leastGrowth = 1 << 20

    private let limit: Int
    private let reserve: Int
    /// What it held after its first invocations: libraries, caches, pools.
    private var settled = 0
    private var last: Int?
    /// The most that an invocation left behind of late.
    private var growth = Self.leastGrowth
    private var looks = 0
    private var endsSinceLook = 0
    private var endsUntilLook = 1

    package init(_ limits: Limits) {
        limit = limits.memoryBytes
        reserve = limits.reserveBytes
    }

    /// An invocation has ended. True when the memory has to be looked at now.
    package mutating func ended() -> Bool {
        endsSinceLook += 1
        endsUntilLook -= 1
        return endsUntilLook <= 0
    }

    /// Below this a look need not be exact.
    package var relevantBytes: Int { limit / 2 }

    /// The worker holds so many bytes and runs so many invocations.
    package mutating func looked(bytes: Int, running: Int) -> Verdict {
        if let last {
            let left = max(0, bytes - last) / max(1, endsSinceLook)
            growth = max(Self.leastGrowth, left, growth - growth / 8)
        }
        last = bytes
        looks += 1
        if looks <= Self.firstEnds / 2 { settled = max(settled, bytes) }
        endsSinceLook = 0
        // What is running may leave twice as much as was seen; beyond a tenth of the limit that is no leak but the way
        // in which the handler works.
        let margin = min(limit / 10, max(0, 2 * growth * max(1, running) - reserve))
        let left = limit - margin - bytes
        endsUntilLook = looks < Self.firstEnds ? 1 : max(1, min(Self.mostEnds, left / (4 * growth)))
        let grows = bytes - settled > limit / 20
        if bytes >= limit || (grows && left <= 0) { return .exhausted }
        return grows && bytes > limit / 5 * 4 ? .leaks : .fine
    }
}
