import TextForms

/// The pairs of a query, which a signature covers encoded anew: all but unreserved characters (RFC 3986, 2.3) as `%XX`.
struct QueryPairs {
    typealias Pair = (name: [UInt8], value: [UInt8])

    /// Decoded, in their order.
    private(set) var pairs: [Pair] = []

    init(_ query: String) {
        for part in query.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            let name = part[..<(equals ?? part.endIndex)]
            let value = equals.map { part[part.index(after: $0)...] } ?? part[part.endIndex...]
            // What is not two digits behind a percent sign stays as it is.
            pairs.append((PercentEncoding.decoded(name), PercentEncoding.decoded(value)))
        }
    }

    func first(_ name: String) -> String? {
        pairs.first { $0.name.elementsEqual(name.utf8) }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// The canonical query: encoded anew and sorted by name, then by value.
    func writeSorted(leavingOut excluded: String?, into output: inout [UInt8]) {
        var encoded: [Pair] = []
        encoded.reserveCapacity(pairs.count)
        for pair in pairs {
            if let excluded, pair.name.elementsEqual(excluded.utf8) { continue }
            var next: Pair = ([], [])
            PercentEncoding.encode(pair.name, into: &next.name)
            PercentEncoding.encode(pair.value, into: &next.value)
            encoded.append(next)
        }
        encoded.sort { a, b in
            a.name == b.name ? a.value.lexicographicallyPrecedes(b.value) : a.name.lexicographicallyPrecedes(b.name)
        }
        for (index, pair) in encoded.enumerated() {
            if index > 0 { output.append(UInt8(ascii: "&")) }
            output += pair.name
            output.append(UInt8(ascii: "="))
            output += pair.value
        }
    }
}
