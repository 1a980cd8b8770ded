/// What the host's memory allows: the sum of all containers' limits stays below a share of it.
package struct MemoryBudget: Hashable, Sendable {
    /// Bytes that containers may reserve together.
    package let limitBytes: Int
    package private(set) var reservedBytes = 0

    package init(limitBytes: Int) { self.limitBytes = limitBytes }

    package var freeBytes: Int { limitBytes - reservedBytes }

    /// Takes this much; false, and nothing taken, when it is not there.
    package mutating func reserve(_ bytes: Int) -> Bool {
        precondition(bytes >= 0, "a reservation is not negative")
        guard bytes <= freeBytes else { return false }
        reservedBytes += bytes
        return true
    }

    package mutating func release(_ bytes: Int) {
        precondition(bytes <= reservedBytes, "more memory was released than reserved")
        reservedBytes -= bytes
    }
}
