import TestSupport

/// What Glo says of an event at the end.
struct FinalState: Hashable, Sendable {
    enum State: String, Sendable { case queued, running, delayed, succeeded, dead, cancelled }

    var state: State

    init(state: State) { self.state = state }

    /// Reads the answer of `GET /_/invocations/ID`; nil when it has no state.
    init?(_ json: JSONValue) {
        guard let state = json["state"].string.flatMap(State.init(rawValue:)) else { return nil }
        self.init(state: state)
    }
}
