import TextForms

/// The pairs of a query, and the encoding that signatures use: all but unreserved characters (RFC 3986, 2.3) as `%XX`.
struct QueryPairs {
    typealias Pair = (name: [UInt8], value: [UInt8])

    /// Decoded, in their order.
    private(set) var pairs: [Pair] = []

    init(_ query: String) {
        for part in query.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            let name = part[..<(equals ?? part.endIndex)]
            let value = equals.map { part[part.index(after: $0)...] } ?? part[part.endIndex...]
            pairs.append((Self.decoded(name), Self.decoded(value)))
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
            Self.encode(pair.name, into: &next.name)
            Self.encode(pair.value, into: &next.value)
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

    @inline(__always)
    static func encode(_ bytes: some Sequence<UInt8>, keepingSlashes: Bool = false, into output: inout [UInt8]) {
        let digits: StaticString = "0123456789ABCDEF"
        for byte in bytes {
            switch byte {
            case 65...90, 97...122, 48...57, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.append(byte)
            case UInt8(ascii: "/") where keepingSlashes: output.append(byte)
            default:
                output.append(UInt8(ascii: "%"))
                output.append(digits.utf8Start[Int(byte >> 4)])
                output.append(digits.utf8Start[Int(byte & 15)])
            }
        }
    }

    /// What is not two digits behind a percent sign stays as it is.
    private static func decoded(_ text: Substring.UTF8View) -> [UInt8] {
        var output: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let high = digits.first.flatMap(Hexadecimal.value),
                let low = digits.last.flatMap(Hexadecimal.value)
            else {
                output.append(byte)
                continue
            }
            output.append(high << 4 | low)
            rest = rest.dropFirst(2)
        }
        return output
    }
}
