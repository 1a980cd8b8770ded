/// How the controller's own log looks.
package enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object a line.
    case json
    /// One readable line.
    case text
}
