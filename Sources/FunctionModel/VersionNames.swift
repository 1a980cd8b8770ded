/// All that names versions of one function: published numbers and aliases.
package struct VersionNames: Hashable, Sendable, Codable {
    /// Grows with every change, so that an older word about the names is known as such.
    package var generation = 0
    /// The next number to publish under; never used twice while the function is there.
    package var nextNumber = 1
    /// By number, upwards.
    package var published: [PublishedNumber] = []
    /// By name.
    package var aliases: [VersionAlias] = []

    package init() {}

    package var isEmpty: Bool { published.isEmpty && aliases.isEmpty }

    package func alias(_ name: String) -> VersionAlias? { aliases.first { $0.name == name } }
    package func published(number: Int) -> PublishedNumber? { published.first { $0.number == number } }
    package func published(version: Int) -> PublishedNumber? { published.first { $0.version == version } }
    /// The aliases that name a version.
    package func aliases(of version: Int) -> [VersionAlias] {
        aliases.filter { alias in alias.shares.contains { $0.version == version } }
    }

    /// Glo's numbers of all versions with a name.
    package var versions: Set<Int> { Set(published.map(\.version)).union(aliasVersions) }
    /// Those that an alias names.
    package var aliasVersions: Set<Int> { Set(aliases.flatMap { $0.shares.map(\.version) }) }

    /// The function is gone: its names are free, and what is said of it later counts.
    package mutating func clear() {
        guard !isEmpty else { return }
        let generation = generation + 1
        self = VersionNames()
        self.generation = generation
    }

    /// Gives a version the next number; one that has a number keeps it.
    package mutating func publish(
        _ version: Int, description: String? = nil, atMilliseconds: Int64
    ) -> PublishedNumber {
        if let known = published(version: version) { return known }
        let new = PublishedNumber(
            number: nextNumber, version: version, description: description, publishedAtMilliseconds: atMilliseconds)
        nextNumber += 1
        generation += 1
        published.append(new)
        return new
    }

    package mutating func unpublish(number: Int) {
        generation += 1
        published.removeAll { $0.number == number }
    }

    /// Makes or replaces the alias of this name, and publishes what it names.
    package mutating func set(_ alias: VersionAlias, atMilliseconds: Int64) {
        for share in alias.shares { _ = publish(share.version, atMilliseconds: atMilliseconds) }
        generation += 1
        aliases.removeAll { $0.name == alias.name }
        aliases.append(alias)
        aliases.sort { $0.name < $1.name }
    }

    package mutating func removeAlias(_ name: String) {
        generation += 1
        aliases.removeAll { $0.name == name }
    }
}
