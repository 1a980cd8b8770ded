/// What became of the wish to cancel an invocation.
package struct CancelResult: Codable, Hashable, Sendable {
    package enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
        /// It waited, and will not run.
        case cancelled
        /// It runs; its worker is being stopped.
        case cancelling
    }

    package var outcome: Outcome

    package init(outcome: Outcome) { self.outcome = outcome }
}
