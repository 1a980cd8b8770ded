/// Decides for one function how many stored events are claimed, and when.
///
/// A pure value. No more is claimed than the workers can begin at once, but for handlers that are done in a few
/// milliseconds: of those, one more for each slot lies ready, so that no slot waits for the store's disk.
package struct EventLane: Sendable {
    /// Handlers that are done sooner than this get their next event before they ask, in milliseconds.
    package static let quickMilliseconds = 20.0
    /// Events that one claim may ask for.
    package static let largestClaim = 256

    /// Whether the store may have an event for the function: something said so, or the last claim was filled.
    package private(set) var mayHaveMore = true
    /// Whether a claim is on its way; another would ask for the same slots.
    package private(set) var isClaiming = false
    /// A hint came while a claim was on its way.
    private var wasHinted = false
    private var meanMilliseconds: Double?
    /// Claims in a row that gave nothing: the store holds events back (a rate, a limit of concurrency), so hints of new
    /// ones lead nowhere.
    private var emptyClaims = 0
    private static let mostEmptyClaims = 2

    package init() {}

    /// Events to claim now; 0 is none.
    ///
    /// - Parameters:
    ///   - room: invocations that the workers could begin now.
    ///   - slots: invocations that all workers together can run.
    ///   - waiting: events that are claimed and have not begun.
    ///   - batch: the most events that one invocation takes.
    package func quota(room: Int, slots: Int, waiting: Int, batch: Int) -> Int {
        guard mayHaveMore, !isClaiming else { return 0 }
        let quick = meanMilliseconds.map { $0 < Self.quickMilliseconds } ?? false
        let wanted = (room + (quick ? slots : 0)) * batch
        // A half-empty store of ready ones is filled in one claim, instead of one claim for each that goes.
        guard waiting == 0 || wanted - waiting >= max(1, slots * batch / 2) else { return 0 }
        return min(max(0, wanted - waiting), Self.largestClaim)
    }

    /// The store has something new. Not heeded while the store holds events back.
    package mutating func hint() {
        guard emptyClaims < Self.mostEmptyClaims else { return }
        mayHaveMore = true
        if isClaiming { wasHinted = true }
    }

    /// Time has passed, or an event has ended: the store may give what it held back.
    package mutating func look() {
        emptyClaims = 0
        hint()
    }

    package mutating func claimSent() {
        precondition(!isClaiming, "two claims at once")
        isClaiming = true
        wasHinted = false
    }

    /// The store gave `got` of the `asked` events. Fewer mean that it has no more, unless a hint came meanwhile.
    package mutating func claimed(asked: Int, got: Int) {
        isClaiming = false
        emptyClaims = got == 0 ? emptyClaims + 1 : 0
        mayHaveMore = got >= asked || (wasHinted && emptyClaims < Self.mostEmptyClaims)
    }

    /// The store did not answer; the next look asks again.
    package mutating func claimFailed() {
        isClaiming = false
        mayHaveMore = false
    }

    /// An invocation took this long.
    package mutating func ran(milliseconds: Double) {
        meanMilliseconds = meanMilliseconds.map { $0 * 0.8 + milliseconds * 0.2 } ?? milliseconds
    }
}
