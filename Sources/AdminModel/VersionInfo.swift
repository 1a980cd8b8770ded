/// One version in the version store.
package struct VersionInfo: Codable, Hashable, Sendable {
    /// 1, 2, 3 … in the order of deployment.
    package var number: Int
    /// SHA-256 of files and manifest, lower-case hexadecimal.
    package var contentHash: String
    package var contract: String
    /// Unix time in milliseconds.
    package var createdAtMilliseconds: Int64
    /// Whether this version serves new invocations.
    package var isCurrent: Bool
    /// Workers of this version that live now; of an older one they drain.
    package var workers: Int
    /// Why this version could not start, if it could not.
    package var problem: String?
    /// The lasting number that it was published under; nil when it was not.
    package var published: Int?
    /// The aliases that name it.
    package var aliases: [VersionAliasShare]
    /// What it did since the controller started.
    package var counters: VersionCounters

    package init(
        number: Int, contentHash: String, contract: String, createdAtMilliseconds: Int64, isCurrent: Bool,
        workers: Int = 0, problem: String? = nil, published: Int? = nil, aliases: [VersionAliasShare] = [],
        counters: VersionCounters = VersionCounters()
    ) {
        self.number = number
        self.contentHash = contentHash
        self.contract = contract
        self.createdAtMilliseconds = createdAtMilliseconds
        self.isCurrent = isCurrent
        self.workers = workers
        self.problem = problem
        self.published = published
        self.aliases = aliases
        self.counters = counters
    }

    enum CodingKeys: String, CodingKey {
        case number, contentHash, contract, createdAtMilliseconds
        case isCurrent = "current"
        case workers, problem, published, aliases, counters
    }
}
