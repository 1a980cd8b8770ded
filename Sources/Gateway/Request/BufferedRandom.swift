import Glibc

/// The kernel's random numbers, drawn 32 words at a time: a system call for each id would cost more than the id.
struct BufferedRandom: RandomNumberGenerator {
    /// `getentropy` gives at most 256 bytes at once.
    private var words = [UInt64](repeating: 0, count: 32)
    private var used = 32

    mutating func next() -> UInt64 {
        if used == words.count { refill() }
        used &+= 1
        return words[used &- 1]
    }

    private mutating func refill() {
        let isFilled = words.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { getentropy($0, bytes.count) == 0 } ?? false
        }
        if !isFilled {
            // Kernels before 3.17; the slower way cannot fail.
            var system = SystemRandomNumberGenerator()
            for index in words.indices { words[index] = system.next() }
        }
        used = 0
    }
}
