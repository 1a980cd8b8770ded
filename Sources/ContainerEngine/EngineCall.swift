/// One request to the engine.
struct EngineCall: Sendable {
    var method = "GET"
    /// Behind the version, with its query: `/containers/json?all=1`.
    var path: String
    var body: [UInt8]?
    var contentType = "application/json"
    /// Which time it has from the call to its answer, waiting for a thread included.
    var deadline = EngineDeadlines.Kind.inspect
    /// Asks before a version was agreed on.
    var isUnversioned = false
    var maxResponseBytes = 16 << 20
}
