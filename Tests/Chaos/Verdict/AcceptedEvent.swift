/// An event that Glo has answered with 202.
struct AcceptedEvent: Hashable, Sendable {
    var number: Int
    /// The invocation's id.
    var id: String
    /// Unix time in nanoseconds.
    var at: Int64
}
