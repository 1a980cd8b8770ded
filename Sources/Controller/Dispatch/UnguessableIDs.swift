import CLinux

/// The kernel's random numbers, fetched by the page: an id may be a capability, so it must not be guessable, and one
/// system call per id would cost more than the id.
struct UnguessableIDs: RandomNumberGenerator {
    private var pool: [UInt64] = []

    mutating func next() -> UInt64 {
        if pool.isEmpty { refill() }
        return pool.removeLast()
    }

    private mutating func refill() {
        pool = [UInt64](unsafeUninitializedCapacity: 512) { buffer, count in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            for start in stride(from: 0, to: bytes.count, by: 256) {
                let piece = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + 256])
                // It cannot fail once the kernel's generator is seeded, which it is before a daemon starts.
                precondition(clinux_random(piece.baseAddress, piece.count) == piece.count, "no random numbers")
            }
            count = buffer.count
        }
    }
}
