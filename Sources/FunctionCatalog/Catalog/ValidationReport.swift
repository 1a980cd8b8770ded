package import FunctionModel

/// What would become of a file or directory if it were dropped.
package struct ValidationReport: Sendable {
    /// Nil when the file's name is no name of a function.
    package var name: FunctionName?
    /// Nil when there are errors.
    package var contract: Contract?
    /// The command line as the container would see it.
    package var command: [String] = []
    package var manifest: Manifest?
    package var errors: [CatalogProblem] = []
    package var warnings: [CatalogProblem] = []

    package var isValid: Bool { errors.isEmpty }
}
