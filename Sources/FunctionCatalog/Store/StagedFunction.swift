import FunctionModel

/// A copy of what was dropped, checked and hashed, that is not yet a version.
struct StagedFunction: Sendable {
    let hash: String
    /// The directory of the copy.
    let path: String
    let isDirectory: Bool
    let manifest: Manifest
    /// As it was written; empty when there is none.
    var manifestText = ""
    let contract: Contract
    let command: [String]
    let warnings: [CatalogProblem]
    let fingerprint: String
    /// What is to be told of the version later on; see ``VersionRecord/notes``.
    var notes: [CatalogProblem] = []
}
