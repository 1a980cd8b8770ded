package import FunctionModel

/// What is to be said of runs whose leases were renewed.
package struct ExtendReport: Hashable, Sendable {
    /// No longer this controller's: their results will not count.
    package var stale: [InvocationID] = []
    /// Renewed, but somebody wants them cancelled.
    package var cancelling: [InvocationID] = []

    package init() {}
}
