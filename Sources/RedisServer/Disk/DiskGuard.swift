/// Says when the disk has too little room for new events. What was accepted must still be carried out, and that writes
/// too: so new ones are refused before the disk is full.
package struct DiskGuard: Sendable, Hashable {
    /// A tenth of the disk is asked for, but never more than this.
    package static let mostBytes = 1_000_000_000

    package private(set) var isLow = false
    package private(set) var lastReading: DiskReading?

    package init() {}

    /// Takes a new reading. True when `isLow` changed.
    package mutating func update(_ reading: DiskReading) -> Bool {
        let limit = Self.limit(of: reading)
        // A tenth more to come back, so that a few bytes more or less do not switch it to and fro.
        let wanted = isLow ? limit + limit / 10 : limit
        defer { lastReading = reading }
        let wasLow = isLow
        isLow = reading.freeBytes < wanted
        return isLow != wasLow
    }

    /// Free bytes below which a disk of that size is low.
    package static func limit(of reading: DiskReading) -> Int { min(reading.totalBytes / 10, mostBytes) }
}
