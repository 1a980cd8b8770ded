/// Strings in one piece of memory, each ended by NUL, as frames carry them.
struct StringBlock {
    let bytes: [UInt8]
    /// Where each string starts.
    let starts: [Int]

    /// Nil when the last string is not ended.
    init?(_ bytes: [UInt8]) {
        guard bytes.last ?? 0 == 0 else { return nil }
        var starts: [Int] = []
        var start = 0
        for index in bytes.indices where bytes[index] == 0 {
            starts.append(start)
            start = index + 1
        }
        self.bytes = bytes
        self.starts = starts
    }

    /// One string, without its NUL.
    init(single text: Text) {
        bytes = text.bytes + [0]
        starts = [0]
    }

    init() {
        bytes = []
        starts = []
    }

    var count: Int { starts.count }

    /// A string without its NUL.
    subscript(index: Int) -> [UInt8] {
        let end = index + 1 < starts.count ? starts[index + 1] : bytes.count
        return [UInt8](bytes[starts[index]..<end - 1])
    }

    /// The value of an environment variable.
    func value(of name: StaticString) -> [UInt8]? {
        for index in 0..<count where variable(at: starts[index], isNamed: name) {
            return [UInt8](self[index].dropFirst(name.utf8CodeUnitCount + 1))
        }
        return nil
    }

    /// Whether this environment sets the variable that the other one sets at `start`.
    func setsSameVariable(as other: StringBlock, at start: Int) -> Bool {
        for mine in starts where sameName(mine, other, start) { return true }
        return false
    }

    private func sameName(_ mine: Int, _ other: StringBlock, _ start: Int) -> Bool {
        var offset = 0
        // Both strings end with NUL within their blocks, so neither index runs out.
        while true {
            let a = bytes[mine + offset]
            let b = other.bytes[start + offset]
            let aEnds = a == UInt8(ascii: "=") || a == 0
            let bEnds = b == UInt8(ascii: "=") || b == 0
            if aEnds || bEnds { return aEnds && bEnds }
            if a != b { return false }
            offset += 1
        }
    }

    private func variable(at start: Int, isNamed name: StaticString) -> Bool {
        name.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count where bytes[start + offset] != wanted[offset] { return false }
            return bytes[start + wanted.count] == UInt8(ascii: "=")
        }
    }
}
