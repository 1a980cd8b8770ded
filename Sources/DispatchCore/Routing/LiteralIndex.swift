/// All literal edges of a trie in one hash table: (node, bytes of the segment) -> child. Lookups allocate nothing.
///
/// The keys come from the operator's routes, not from clients, so nobody outside chooses which of them collide.
struct LiteralIndex: Sendable {
    private struct Slot: Sendable {
        var hash: UInt64 = 0
        var node: Int32 = -1
        var child: Int32 = -1
        var start: Int32 = 0
        var length: Int32 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: 16)
    private var bytes: [UInt8] = []
    private var count = 0

    @inline(__always)
    func find(node: Int, _ segment: UnsafeBufferPointer<UInt8>) -> Int? {
        let hash = Self.hash(node, segment)
        let mask = slots.count &- 1
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index].node >= 0 {
            let slot = slots[index]
            if slot.hash == hash, Int(slot.node) == node, isEqual(slot, segment) { return Int(slot.child) }
            index = (index &+ 1) & mask
        }
        return nil
    }

    /// Adds an edge that is not there yet.
    mutating func insert(node: Int, _ segment: [UInt8], child: Int) {
        if (count + 1) * 2 > slots.count { grow() }
        let hash = segment.withUnsafeBufferPointer { Self.hash(node, $0) }
        place(
            Slot(
                hash: hash, node: Int32(node), child: Int32(child), start: Int32(bytes.count),
                length: Int32(segment.count)))
        bytes += segment
        count += 1
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.node >= 0 { place(slot) }
    }

    private mutating func place(_ slot: Slot) {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: slot.hash) & mask
        while slots[index].node >= 0 { index = (index + 1) & mask }
        slots[index] = slot
    }

    @inline(__always)
    private func isEqual(_ slot: Slot, _ segment: UnsafeBufferPointer<UInt8>) -> Bool {
        guard Int(slot.length) == segment.count else { return false }
        let start = Int(slot.start)
        for offset in 0..<segment.count where bytes[start &+ offset] != segment[offset] { return false }
        return true
    }

    /// FNV-1a over the node and the bytes, its high bits folded into the low ones.
    @inline(__always)
    private static func hash(_ node: Int, _ segment: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(truncatingIfNeeded: node)
        hash = hash &* 0x100_0000_01b3
        for byte in segment { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash ^ hash &>> 32
    }
}
