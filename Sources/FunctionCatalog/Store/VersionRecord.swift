import FunctionModel

/// What the index says of one stored version.
struct VersionRecord: Hashable, Sendable, Codable {
    /// 1, 2, 3 … in the order of deployment.
    var number: Int
    /// SHA-256 of the files in lower-case hexadecimal.
    var hash: String
    /// `Contract.rawValue`.
    var contract: String
    /// The command line as the container sees it.
    var command: [String]
    var createdAtMilliseconds: Int64
    /// Whether it was dropped as a directory, so that it may hold a manifest.
    var isDirectory: Bool
    /// The handler that was found when the manifest names a runtime and no handler.
    var handler: String?
    /// The text of the manifest, empty where there is none: the index has a checksum, so whatever becomes of the stored
    /// file, routes and their protection are what was deployed. Nil in an index that is older than this.
    var manifest: String?
    /// What is to be told of it besides what its manifest says, such as links that were left out.
    var notes: [Note]?

    /// A ``CatalogProblem`` without a line.
    struct Note: Hashable, Sendable, Codable {
        var code: String
        var message: String
        var hint: String?
        var path: String

        init(_ problem: CatalogProblem) {
            code = problem.code.rawValue
            message = problem.message
            hint = problem.hint
            path = problem.path
        }

        /// Nil for a code of a later Glo.
        var problem: CatalogProblem? {
            CatalogProblem.Code(rawValue: code).map { CatalogProblem($0, message, hint: hint, path: path) }
        }
    }
}
