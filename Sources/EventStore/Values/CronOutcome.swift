package import FunctionModel

/// What a tick of a schedule did.
package enum CronOutcome: Hashable, Sendable {
    case fired(InvocationID)
    /// This tick or a later one has been dealt with.
    case old(lastAtMilliseconds: Int)
    /// The tick lies ahead of the store's clock: the caller's is wrong.
    case early(nowMilliseconds: Int)
    /// The event before it has not ended, or (nil) the function's queue is full.
    case skipped(because: InvocationID?)
}
