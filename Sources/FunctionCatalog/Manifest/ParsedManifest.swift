import FunctionModel

/// What came out of a `function.yaml`.
struct ParsedManifest: Sendable {
    /// The manifest as far as it could be read; only good when there are no errors.
    var manifest = Manifest()
    var errors: [CatalogProblem] = []
    /// What is understood but does nothing yet.
    var warnings: [CatalogProblem] = []
}
