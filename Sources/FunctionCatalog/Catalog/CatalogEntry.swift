package import FunctionModel

/// One function, or one thing that is none, as `glo ls` shows it.
package struct CatalogEntry: Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// What was dropped serves.
        case active
        /// A candidate waits for the controller's answer.
        case starting
        /// Somebody is writing, or was a moment ago.
        case copying
        /// What was dropped is no good; `current` serves on if there is one.
        case rejected
        /// What was dropped could not start; `current` serves on if there is one.
        case failed
    }

    /// The function's name, or the file's when that is no name.
    package var name: String
    /// The name in the functions directory.
    package var file: String
    package var state: State
    /// The version that serves.
    package var current: FunctionVersion?
    /// The version that shall serve and is not confirmed yet.
    package var candidate: FunctionVersion?
    /// Why it is rejected or failed.
    package var problems: [CatalogProblem]
    /// What of the manifest does nothing yet.
    package var warnings: [CatalogProblem]
    /// Whether a rollback holds the version until the file changes.
    package var isPinned: Bool
}
