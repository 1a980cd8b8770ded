import FunctionCatalog
import FunctionModel

/// Digests of versions' files. A version never changes, so each is computed once.
actor CodeDigests {
    private static let kept = 2_000

    private var digests: [String: CodeDigest] = [:]

    /// Nil when the files cannot be read.
    func digest(of version: FunctionVersion) async -> CodeDigest? {
        let key = "\(version.name)/\(version.contentHash)"
        if let digest = digests[key] { return digest }
        guard let digest = await Task.detached(operation: { try? CodeDigest(version) }).value else { return nil }
        if digests.count >= Self.kept { digests = [:] }
        digests[key] = digest
        return digest
    }

    /// Of what lies in the functions directory and is no version yet.
    func digest(path: String) async -> CodeDigest? {
        await Task.detached { try? CodeDigest(path: path) }.value
    }
}
