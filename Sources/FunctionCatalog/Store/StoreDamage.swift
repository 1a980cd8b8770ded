import FunctionModel

/// A version whose stored copy is not what was deployed.
package struct StoreDamage: Hashable, Sendable {
    package let version: VersionReference
    /// What is wrong with it, in words.
    package let reason: String

    package init(version: VersionReference, reason: String) {
        self.version = version
        self.reason = reason
    }
}
