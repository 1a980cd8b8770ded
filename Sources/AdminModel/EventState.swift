/// Where an event stands, in one word.
package enum EventState: String, Codable, Hashable, Sendable, CaseIterable {
    /// It waits for a worker.
    case queued
    /// It waits for its time: of the first try, or of the next one.
    case delayed
    case running
    case succeeded
    /// Its tries are used up, or it was too old: a dead letter.
    case dead
    case cancelled

    /// Whether nothing more happens with it.
    package var hasEnded: Bool {
        switch self {
        case .queued, .delayed, .running: false
        case .succeeded, .dead, .cancelled: true
        }
    }
}
