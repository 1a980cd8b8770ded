/// What `glo explain NAME` shows: how anybody can repeat the isolation of a worker by hand.
package struct Explanation: Codable, Hashable, Sendable {
    package var function: String
    package var version: Int
    /// The words of the equivalent `docker run` line.
    package var command: [String]
    /// What the line does not say.
    package var notes: [String]

    package init(function: String, version: Int, command: [String], notes: [String] = []) {
        self.function = function
        self.version = version
        self.command = command
        self.notes = notes
    }
}
