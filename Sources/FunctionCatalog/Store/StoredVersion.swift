import FunctionModel

/// A version out of the store, with what of its manifest does nothing yet.
struct StoredVersion: Sendable {
    let version: FunctionVersion
    let warnings: [CatalogProblem]
}
