import FunctionModel

/// What signals to stop mean. Shells and supervisors repeat theirs, so those that come together are one; and whoever
/// loses patience with what still runs does not want the containers to stay.
struct StopSignals {
    enum Action: Hashable {
        case nothing
        /// Take nothing new and let what runs end.
        case drain
        /// Give up what runs.
        case hurry
        /// End at once, whatever is left behind.
        case leave
    }

    private static let togetherMilliseconds: Int64 = 1_000
    private var count = 0
    private var lastAt: MonotonicTime?

    mutating func asked(now: MonotonicTime) -> Action {
        if let lastAt, now.milliseconds(since: lastAt) < Self.togetherMilliseconds { return .nothing }
        lastAt = now
        count += 1
        return switch count {
        case 1: .drain
        case 2: .hurry
        default: .leave
        }
    }
}
