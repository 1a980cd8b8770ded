import FunctionModel

/// What is remembered of one function across restarts: its versions, and which of them serves for what reason.
struct VersionIndex: Hashable, Sendable, Codable {
    static let currentFormat = 1

    /// The content that lay in the functions directory when it was last accepted.
    struct Source: Hashable, Sendable, Codable {
        /// The entry's name in the functions directory.
        var entry: String
        var hash: String
        /// See ``SourceTree/fingerprint``; nil when it is not to be trusted.
        var fingerprint: String?
    }

    /// A rollback: the version stays until the source is another one than at that time.
    struct Pin: Hashable, Sendable, Codable {
        var number: Int
        /// Nil when what lay there was no good.
        var sourceHash: String?
    }

    /// A version that could not start.
    struct Failure: Hashable, Sendable, Codable {
        var number: Int
        var reason: String
    }

    var format = VersionIndex.currentFormat
    var function: String
    /// The number of the next new version; never used twice.
    var next = 1
    /// The last version that started well.
    var current: Int?
    /// The one before.
    var previous: Int?
    var pin: Pin?
    var failure: Failure?
    var source: Source?
    /// By number, upwards.
    var versions: [VersionRecord] = []
    /// When the function was found to be no more, Unix time in milliseconds; nil while it is there.
    var removedAtMilliseconds: Int64?
    /// Published numbers and aliases; nil in a file that is older than they are.
    var names: VersionNames?

    init(function: FunctionName) { self.function = function.rawValue }

    func record(_ number: Int?) -> VersionRecord? {
        number.flatMap { wanted in versions.first { $0.number == wanted } }
    }
    func record(hash: String) -> VersionRecord? { versions.first { $0.hash == hash } }

    mutating func note(_ problems: [CatalogProblem], of number: Int) {
        guard let place = versions.firstIndex(where: { $0.number == number }) else { return }
        versions[place].notes = problems.isEmpty ? nil : problems.map(VersionRecord.Note.init)
    }

    /// The versions that something names: they are served, may be gone back to, or have a number or an alias.
    var named: Set<Int> {
        let numbers = [current, previous, pin?.number, source.flatMap { record(hash: $0.hash)?.number }]
        return Set(numbers.compactMap(\.self)).union(names?.versions ?? [])
    }

    /// The versions that may go: not among the newest, not named by anything, not in use.
    func collectable(keeping count: Int, inUse: Set<Int>) -> [VersionRecord] {
        let held = named.union(inUse)
        return versions.dropLast(count).filter { !held.contains($0.number) }
    }

    /// Takes away what names versions that are not there any more, and what was written by hand and is no alias.
    mutating func dropUnknownNames() {
        guard var names else { return }
        let known = Set(versions.map(\.number))
        names.published.removeAll { !known.contains($0.version) }
        let published = Set(names.published.map(\.version))
        names.aliases.removeAll { alias in
            alias.problem != nil || !alias.shares.allSatisfy { published.contains($0.version) }
        }
        guard names != self.names else { return }
        names.generation += 1
        self.names = names
    }
}
