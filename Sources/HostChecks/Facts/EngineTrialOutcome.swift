/// What came of the start of one container.
package enum EngineTrialOutcome: Hashable, Sendable {
    case started(milliseconds: Int)
    /// What went wrong, and what to do about it.
    case failed(reason: String, fix: String)
}
