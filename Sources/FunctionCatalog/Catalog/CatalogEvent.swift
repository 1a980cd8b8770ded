package import FunctionModel

/// What the catalogue tells the controller.
package enum CatalogEvent: Sendable {
    /// This version shall serve. It is answered by ``FunctionCatalog/activated(_:)`` or
    /// ``FunctionCatalog/activationFailed(_:reason:)``; a later candidate of the same function replaces it. The version
    /// that serves already may come as a candidate too, when a newer one is called off.
    case candidate(FunctionVersion, warnings: [CatalogProblem])
    /// The function is no more: finish what runs, and stop.
    case removed(FunctionName)
    /// What was dropped is no good; what served before serves on. `name` is the function's, or the file's when that
    /// is no name of a function.
    case rejected(name: String, problems: [CatalogProblem])
    /// Everything that lay in the directory at the start has been looked at.
    case scanned
}
