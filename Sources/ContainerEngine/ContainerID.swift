/// The name that Glo gives a container before it exists, unique for ever. Engines take it wherever they take an id,
/// so a container whose creation was not answered can still be found and removed.
package struct ContainerID: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    /// - Parameter rawValue: `[a-zA-Z0-9][a-zA-Z0-9_.-]+`, such as `glo-<namespace>-<short>`.
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }
}
