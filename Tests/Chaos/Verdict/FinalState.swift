import Foundation
import TestSupport

/// What Glo says of an event at the end.
struct FinalState: Hashable, Sendable {
    enum State: String, Sendable { case queued, running, delayed, succeeded, dead, cancelled }

    var state: State
    var attempts: Int
    var crashes: Int
    /// Unix time in nanoseconds; nil when it is not told.
    var endedAt: Int64?

    init(state: State, attempts: Int = 1, crashes: Int = 0, endedAt: Int64? = nil) {
        self.state = state
        self.attempts = attempts
        self.crashes = crashes
        self.endedAt = endedAt
    }

    /// Reads the answer of `GET /_/invocations/ID`; nil when it has no state.
    init?(_ json: JSONValue) {
        guard let state = json["state"].string.flatMap(State.init(rawValue:)) else { return nil }
        self.init(
            state: state, attempts: json["attempts"].int ?? 1, crashes: json["crashes"].int ?? 0,
            endedAt: json["endedAt"].string.flatMap(Self.nanoseconds))
    }

    /// RFC 3339, with or without a fraction of the second.
    private static func nanoseconds(_ text: String) -> Int64? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard let date = try? style.parse(text) else { return nil }
        return Int64((date.timeIntervalSince1970 * 1000).rounded()) * 1_000_000
    }
}
