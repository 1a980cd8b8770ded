import FunctionModel

/// Makes the values of `Lambda-Runtime-Invocation-Id`: one for each delivery, never the same again, and in the form of
/// a UUID, which every client takes.
struct DeliverySequence {
    private var count: UInt64 = 0
    private let worker: UInt64

    init(worker: UInt32) { self.worker = UInt64(worker) }

    mutating func next(for invocation: Invocation) -> InvocationID {
        count += 1
        // The invocation's own random bits tell invocations apart; worker, attempt and count tell its deliveries apart.
        let salt = Self.mix(worker << 40 ^ UInt64(truncatingIfNeeded: invocation.attempt) << 32 ^ count)
        let high = (Self.mix(invocation.id.high ^ salt) & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
        let low = (Self.mix(invocation.id.low &+ salt) & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        return InvocationID(high: high, low: low)
    }

    /// The finalizer of SplitMix64: a bijection that spreads every bit.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
