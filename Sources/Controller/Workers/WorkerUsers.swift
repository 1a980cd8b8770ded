/// The user ids of a controller's containers: a range of its own for each state directory, so that two controllers on one
/// machine do not share what the kernel counts by user. Two of five hundred ranges may be the same; then they do.
struct WorkerUsers: Sendable {
    private static let first: UInt32 = 700_000
    private static let count: UInt32 = 60_000
    private static let ranges: UInt32 = 512

    private let base: UInt32

    init(namespace: String) {
        // FNV-1a, 32 bits.
        let hash = namespace.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        base = Self.first + hash % Self.ranges * Self.count
    }

    /// - Parameter number: counts the containers of a boot.
    func uid(of number: Int) -> UInt32 { base + UInt32(number % Int(Self.count)) }
}
