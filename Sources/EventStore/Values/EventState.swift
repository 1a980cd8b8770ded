/// Where an event is in its life. The last three are ends: they expire, the others never do.
package enum EventState: String, Hashable, Sendable, CaseIterable {
    case queued
    case delayed
    case running
    case succeeded
    case dead
    case cancelled

    package var isTerminal: Bool {
        switch self {
        case .queued, .delayed, .running: false
        case .succeeded, .dead, .cancelled: true
        }
    }
}
