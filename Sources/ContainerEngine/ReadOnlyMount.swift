/// A file or directory of the host that a container sees and cannot change.
package struct ReadOnlyMount: Hashable, Sendable {
    /// On the host, absolute.
    package var source: String
    /// In the container, absolute.
    package var target: String

    package init(source: String, target: String) {
        self.source = source
        self.target = target
    }
}
