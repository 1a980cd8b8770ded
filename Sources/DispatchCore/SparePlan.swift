/// Decides which spare containers to keep: a fixed number in all, for the kinds that were used last.
///
/// `Key` is what two functions must have in common to use the same spare.
package struct SparePlan<Key: Hashable & Sendable>: Sendable {
    /// Spares that are kept in all.
    package let total: Int
    /// Kinds in the order of their last use, the latest first.
    private var recent: [Key] = []
    /// Spares of each kind that are there or being made.
    private var held: [Key: Int] = [:]

    package init(total: Int) { self.total = total }

    /// A container of this kind was used, or will be.
    package mutating func touch(_ key: Key) {
        if recent.first == key { return }
        recent.removeAll { $0 == key }
        recent.insert(key, at: 0)
        if recent.count > max(total, 1) { recent.removeLast() }
    }

    package mutating func added(_ key: Key) { held[key, default: 0] += 1 }

    package mutating func removed(_ key: Key) {
        let count = held[key, default: 0]
        precondition(count > 0, "a spare was removed that was never added")
        held[key] = count == 1 ? nil : count - 1
    }

    /// How many of each kind there should be: one for each of the latest kinds, the rest for the very latest.
    package var wanted: [Key: Int] {
        guard total > 0, let latest = recent.first else { return [:] }
        var wanted: [Key: Int] = [:]
        for key in recent.prefix(total) { wanted[key] = 1 }
        wanted[latest] = 1 + total - min(total, recent.count)
        return wanted
    }

    /// Kinds of which one more has to be made, the latest used first.
    package var missing: [Key] {
        let wanted = wanted
        return recent.flatMap { key in
            Array(repeating: key, count: max(0, wanted[key, default: 0] - held[key, default: 0]))
        }
    }

    /// Kinds of which there is one too many.
    package var surplus: [Key] {
        let wanted = wanted
        return held.flatMap { key, count in
            Array(repeating: key, count: max(0, count - wanted[key, default: 0]))
        }
    }
}
