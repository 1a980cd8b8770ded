import HTTPCodec

/// A set of methods whose usual members are bits.
struct MethodSet: Sendable {
    static let anyBits: UInt16 = 0xffff

    private(set) var bits: UInt16 = 0
    private(set) var others: [String] = []

    init() {}

    /// Nil is any method.
    init(_ methods: [HTTPMethod]?) {
        guard let methods else {
            bits = Self.anyBits
            return
        }
        for method in methods { insert(method) }
    }

    var isAny: Bool { bits == Self.anyBits }

    private mutating func insert(_ method: HTTPMethod) {
        let bit = Self.bit(of: method)
        if bit != 0 { bits |= bit } else if !others.contains(method.name) { others.append(method.name) }
    }

    mutating func formUnion(_ other: MethodSet) {
        bits |= other.bits
        for name in other.others where !others.contains(name) { others.append(name) }
    }

    @inline(__always)
    func contains(_ method: HTTPMethod, bit: UInt16) -> Bool {
        if bits & bit != 0 || isAny { return true }
        guard bit == 0, !others.isEmpty else { return false }
        return others.contains(method.name)
    }

    func overlaps(_ other: MethodSet) -> Bool {
        if isAny || other.isAny || bits & other.bits != 0 { return true }
        return others.contains { other.others.contains($0) }
    }

    /// Whether it contains all that the other one does.
    func covers(_ other: MethodSet) -> Bool {
        if isAny { return true }
        return !other.isAny && bits & other.bits == other.bits && other.others.allSatisfy { others.contains($0) }
    }

    /// The members for `Allow`; GET brings HEAD along.
    var listed: [HTTPMethod] {
        let effective = bits & Self.bit(of: .get) != 0 ? bits | Self.bit(of: .head) : bits
        let usual = Self.usual.filter { effective & Self.bit(of: $0) != 0 }
        return usual + others.sorted().map { .other($0) }
    }

    private static let usual: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete, .options, .connect, .trace]

    /// Zero for a method that has no bit.
    @inline(__always)
    static func bit(of method: HTTPMethod) -> UInt16 {
        switch method {
        case .get: 1
        case .head: 2
        case .post: 4
        case .put: 8
        case .delete: 16
        case .options: 32
        case .patch: 64
        case .connect: 128
        case .trace: 256
        case .other: 0
        }
    }
}
