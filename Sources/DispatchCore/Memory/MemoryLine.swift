/// Shares the memory budget out: who gets a container now, who waits for memory that is on its way back, and how much
/// has to be freed for whom. Who came first is served first, so that a large one is not passed by for ever.
package struct MemoryLine<Claimant: Hashable & Sendable>: Sendable {
    package enum Answer: Hashable, Sendable {
        /// It has its memory.
        case granted
        /// It stands in the line; what is on its way back covers it.
        case waits
        /// It stands in the line, and so much more has to be freed for it. Answer with ``looked(for:)``.
        case short(bytes: Int)
        /// It needs more than there is in all; it does not stand in the line.
        case impossible
    }

    /// What the line has for somebody who stands in it.
    package enum Turn: Hashable, Sendable {
        /// It has its memory, and has left the line.
        case granted(Claimant)
        /// What was on its way when it came went to others, or did not come: so much more has to be freed for it. Answer
        /// with ``looked(for:)``.
        case short(Claimant, bytes: Int)
    }

    private struct Waiting {
        let claimant: Claimant
        let bytes: Int
        /// What was asked for, and not answered yet.
        var asked: Int
    }

    package private(set) var budget: MemoryBudget
    /// Bytes of containers that are being ended.
    package private(set) var returningBytes = 0
    private var line: [Waiting] = []

    package init(limitBytes: Int) { budget = MemoryBudget(limitBytes: limitBytes) }

    /// How many wait.
    package var waitingCount: Int { line.count }

    /// Somebody needs a container of this size.
    package mutating func request(_ claimant: Claimant, bytes: Int) -> Answer {
        precondition(!line.contains { $0.claimant == claimant }, "somebody asked for memory twice")
        guard bytes <= budget.limitBytes else { return .impossible }
        if line.isEmpty, budget.reserve(bytes) { return .granted }
        line.append(Waiting(claimant: claimant, bytes: bytes, asked: 0))
        let shortage = shortage(at: line.count - 1)
        guard shortage > 0 else { return .waits }
        line[line.count - 1].asked = shortage
        return .short(bytes: shortage)
    }

    /// Takes memory for what nobody waits for, such as a spare; false when others wait or none is left.
    package mutating func reserve(_ bytes: Int) -> Bool { line.isEmpty && budget.reserve(bytes) }

    /// A container of this size is being ended; ``returned(_:)`` follows.
    package mutating func returns(_ bytes: Int) { returningBytes += bytes }

    /// A container that was being ended is gone. Then ask for ``next()``.
    package mutating func returned(_ bytes: Int) {
        precondition(bytes <= returningBytes, "more memory came back than was on its way")
        returningBytes -= bytes
        budget.release(bytes)
    }

    /// What was granted is not needed, or could not be used. Then ask for ``next()``.
    package mutating func giveBack(_ bytes: Int) { budget.release(bytes) }

    /// All has been ended that could be for this one. False when that is too little: it has left the line. Then ask for
    /// ``next()``, whatever the answer: those who came while this was looked for counted on it, and may be short now.
    package mutating func looked(for claimant: Claimant) -> Bool {
        guard let index = line.firstIndex(where: { $0.claimant == claimant }) else { return true }
        line[index].asked = 0
        guard shortage(at: index) > 0 else { return true }
        line.remove(at: index)
        return false
    }

    /// Somebody does not wait any more. False when he did not. Then ask for ``next()``.
    package mutating func withdraw(_ claimant: Claimant) -> Bool {
        guard let index = line.firstIndex(where: { $0.claimant == claimant }) else { return false }
        line.remove(at: index)
        return true
    }

    /// The first of the line, when there is memory for it now, else the first who lacks something that nobody was asked
    /// for. Ask after every change, until there is none.
    package mutating func next() -> Turn? {
        if let first = line.first, budget.reserve(first.bytes) { return .granted(line.removeFirst().claimant) }
        var needed = -budget.freeBytes - returningBytes
        for index in line.indices {
            needed += line[index].bytes - line[index].asked
            guard needed > 0, line[index].asked == 0 else { continue }
            line[index].asked = needed
            return .short(line[index].claimant, bytes: needed)
        }
        return nil
    }

    /// What is missing for this one and all before it, beyond what is free, on its way back, or asked for.
    private func shortage(at index: Int) -> Int {
        let (needed, asked) = line[...index].reduce((0, 0)) { ($0.0 + $1.bytes, $0.1 + $1.asked) }
        return needed - budget.freeBytes - returningBytes - asked
    }
}
