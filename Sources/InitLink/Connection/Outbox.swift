/// Bytes that a full socket did not take yet. Bounded.
struct Outbox {
    static let maximumBytes = 16 << 20

    private var bytes: [UInt8] = []
    private var sent = 0

    var isEmpty: Bool { sent == bytes.count }
    var count: Int { bytes.count - sent }

    /// False when it would exceed the bound: then nothing is kept.
    mutating func append(_ new: [UInt8]) -> Bool {
        guard count + new.count <= Self.maximumBytes else { return false }
        if isEmpty {
            bytes = new
            sent = 0
        } else {
            bytes.append(contentsOf: new)
        }
        return true
    }

    /// Gives the unsent bytes to `send`, which says how many it took, until it takes none.
    mutating func drain(_ send: (UnsafeRawBufferPointer) -> Int) {
        while !isEmpty {
            let taken = bytes.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
            guard taken > 0 else { return }
            sent += taken
        }
        bytes = []
        sent = 0
    }
}
