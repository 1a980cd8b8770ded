/// What a wish to cancel did.
package enum CancelOutcome: Hashable, Sendable {
    case cancelled
    /// It runs; its owner hears of it when it renews the lease.
    case cancelling
    case hasEnded
    case notFound
}
