import TextForms

/// The ways in which a server behind may read a path, each with the same bytes as a request of its own would have:
///
/// - percent-encoding taken off once, `%2F` with the rest, or left in its segment
/// - `;…` cut off, of each segment or with all that follows, before or after decoding
/// - a `?` or `#` that decoding brings out, taken for the end
/// - `\` taken for `/`
/// - a leading `//host` taken for an authority, also where ``RoutePolicies/strippedBytes`` leaves it leading
/// - empty segments out
///
/// and all of these together. Dot segments are none of them: paths that have them are taken by no route at all. Nor is
/// the case of letters.
struct PathReadings {
    /// How many bytes are made of one path. One that can be read in more ways is looked up in none.
    static let maxBytes = 131_072
    /// Stands for a `/` that was `%2F` and stays inside its segment. No path holds a NUL.
    private static let keptSlash: UInt8 = 0

    private static let slash = UInt8(ascii: "/")
    private static let backslash = UInt8(ascii: "\\")

    private let path: [UInt8]
    private let strippedBytes: Int
    /// Whether a path without percent-encoding is looked up as a decoded one too.
    private let alwaysDecoded: Bool
    private var madeBytes = 0
    private typealias Predicate = ([UInt8], Bool) -> Bool

    init(_ path: some Collection<UInt8>, strippedBytes: Int = 0, alwaysDecoded: Bool = false) {
        self.path = Array(path)
        self.strippedBytes = strippedBytes
        self.alwaysDecoded = alwaysDecoded
    }

    /// Whether something holds for one of the readings, the path as it came among them. It is told whether
    /// percent-encoding has been taken off. Also true when there are too many.
    mutating func contains(where predicate: ([UInt8], Bool) -> Bool) -> Bool {
        let mayHoldBackslashes =
            path.contains(Self.backslash) || Self.decoded(path, keepsSlashes: false).contains(Self.backslash)
        // A proxy or library in front of the server proper may have done these first.
        for base in Self.rooted(path, strippedBytes) + [Self.merged(path)].compactMap(\.self) {
            if read(base, isBackslashed: false, predicate) { return true }
            guard mayHoldBackslashes else { continue }
            let slashed = Self.slashed(base)
            if read(slashed, isBackslashed: true, predicate) { return true }
            if let merged = Self.merged(slashed), read(merged, isBackslashed: true, predicate) { return true }
        }
        return false
    }

    private mutating func read(_ path: [UInt8], isBackslashed: Bool, _ predicate: Predicate) -> Bool {
        for bare in Self.cuts(path) {
            if check(bare, isDecoded: false, predicate) { return true }
            guard alwaysDecoded || path.contains(UInt8(ascii: "%")) else { continue }
            let whole = Self.decoded(bare, keepsSlashes: false)
            if readDecoded(isBackslashed ? Self.slashed(whole) : whole, predicate) { return true }
            let inSegments = Self.decoded(bare, keepsSlashes: true)
            guard inSegments != whole else { continue }
            if readDecoded(isBackslashed ? Self.slashed(inSegments) : inSegments, predicate) { return true }
        }
        return false
    }

    private mutating func readDecoded(_ path: [UInt8], _ predicate: Predicate) -> Bool {
        for bare in Self.cuts(path) {
            if check(bare, isDecoded: true, predicate) { return true }
            let end = bare.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
            if let end, check(Array(bare[..<end]), isDecoded: true, predicate) { return true }
        }
        return false
    }

    private mutating func check(_ path: [UInt8], isDecoded: Bool, _ predicate: Predicate) -> Bool {
        for rooted in Self.rooted(path, strippedBytes) {
            madeBytes += rooted.count
            guard madeBytes <= Self.maxBytes else { return true }
            if predicate(rooted, isDecoded) { return true }
            if let merged = Self.merged(rooted), predicate(merged, isDecoded) { return true }
        }
        return false
    }

    // MARK: Steps

    /// The path with its percent-encoding taken off once. What only looks like an escape stays as it is.
    static func decoded(_ path: [UInt8], keepsSlashes: Bool) -> [UInt8] {
        guard path.contains(UInt8(ascii: "%")) else { return path }
        var plain: [UInt8] = []
        plain.reserveCapacity(path.count)
        var index = 0
        while index < path.count {
            if let byte = PercentEncoding.escape(in: path, at: index) {
                plain.append(keepsSlashes && byte == slash ? keptSlash : byte)
                index += 3
            } else {
                plain.append(path[index])
                index += 1
            }
        }
        return plain
    }

    private static func slashed(_ path: [UInt8]) -> [UInt8] { path.map { $0 == backslash ? slash : $0 } }

    /// The path as it is, without the parameters of each segment, and without all that follows the first.
    private static func cuts(_ path: [UInt8]) -> [[UInt8]] {
        guard let first = path.firstIndex(of: UInt8(ascii: ";")) else { return [path] }
        var segments: [UInt8] = []
        var isCut = false
        for byte in path {
            if byte == slash { isCut = false } else if byte == UInt8(ascii: ";") { isCut = true }
            if !isCut { segments.append(byte) }
        }
        return [path, segments, Array(path[..<first])]
    }

    /// The path as it is, and without what could be an authority, as often as something like one leads.
    private static func rooted(_ path: [UInt8], _ strippedBytes: Int) -> [[UInt8]] {
        var all = [path]
        for start in strippedBytes > 0 ? [0, strippedBytes] : [0] {
            var made = path.count
            var rest = path[...]
            while made <= maxBytes, let shorter = withoutAuthority(rest.dropFirst(start)) {
                rest = path[..<start] + shorter
                all.append(Array(rest))
                made += rest.count
            }
        }
        return all
    }

    private static func withoutAuthority(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard path.starts(with: [slash, slash]) else { return nil }
        let rest = path.dropFirst(2).drop { $0 != slash }
        return rest.isEmpty ? [slash] : rest
    }

    /// Without empty segments; nil when it has none. A slash at the end stays.
    private static func merged(_ path: [UInt8]) -> [UInt8]? {
        var merged: [UInt8] = []
        merged.reserveCapacity(path.count)
        for byte in path where byte != slash || merged.last != slash { merged.append(byte) }
        return merged.count < path.count ? merged : nil
    }
}
