/// The body of a replay.
package struct ReplayRequest: Codable, Hashable, Sendable {
    /// The version that shall run the event; nil is the one that serves.
    package var version: Int?

    package init(version: Int? = nil) { self.version = version }
}
