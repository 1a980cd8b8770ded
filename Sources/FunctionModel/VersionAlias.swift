/// A name for a version of a function, or for several with weights.
package struct VersionAlias: Hashable, Sendable, Codable {
    /// One version's part of the alias's invocations.
    package struct Share: Hashable, Sendable, Codable {
        /// Glo's number of the version.
        package var version: Int
        /// Above 0; those of an alias add up to 1.
        package var weight: Double

        package init(version: Int, weight: Double) {
            self.version = version
            self.weight = weight
        }
    }

    package var name: String
    /// The first one is the main version: what is not said of others goes to it.
    package var shares: [Share]
    /// The header field, in lower case, whose equal values get the same version.
    package var stickyHeader: String?
    package var description: String?
    /// Changes with every change; a lower-case UUID.
    package var revision: String

    package init(
        name: String, shares: [Share], stickyHeader: String? = nil, description: String? = nil, revision: String = ""
    ) {
        self.name = name
        self.shares = shares
        self.stickyHeader = stickyHeader
        self.description = description
        self.revision = revision
    }

    /// The version that a point between 0 and 1 (not included) falls on.
    ///
    /// The main version's part lies last, so that a candidate that grows takes points from it and leaves all others
    /// where they are.
    package func version(at point: Double) -> Int {
        var end = 0.0
        for share in shares.dropFirst() {
            end += share.weight
            if point < end { return share.version }
        }
        return shares[0].version
    }

    /// Where a value of the sticky field falls: the same point at every time and on every machine. The name of the
    /// function is part of it, so that not the same callers are the first to try the news of every function.
    package func point(of value: some StringProtocol, function: FunctionName) -> Double {
        // FNV-1a, whose last bytes reach the high bits only through the mixing that follows (SplitMix64's).
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for part in [Substring(function.rawValue), Substring(name), Substring(value)] {
            for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x0000_0100_0000_01b3
        }
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        hash ^= hash >> 31
        return Double(hash >> 11) * 0x1p-53
    }
}
