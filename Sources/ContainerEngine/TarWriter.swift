/// Writes a tar archive (POSIX ustar) into memory. Owners are root, times are the epoch, so that equal entries make
/// equal bytes.
package struct TarWriter: Sendable {
    private var bytes: [UInt8] = []
    private static let blockSize = 512

    package init() {}

    /// - Parameter path: relative, at most 99 bytes with the slash that is added.
    package mutating func addDirectory(_ path: String, mode: Int = 0o755) {
        addHeader(path + "/", mode: mode, size: 0, type: UInt8(ascii: "5"), link: "")
    }

    package mutating func addFile(_ path: String, contents: [UInt8], mode: Int = 0o644) {
        addHeader(path, mode: mode, size: contents.count, type: UInt8(ascii: "0"), link: "")
        bytes.append(contentsOf: contents)
        let rest = contents.count % Self.blockSize
        if rest > 0 { bytes.append(contentsOf: [UInt8](repeating: 0, count: Self.blockSize - rest)) }
    }

    package mutating func addSymbolicLink(_ path: String, target: String) {
        addHeader(path, mode: 0o777, size: 0, type: UInt8(ascii: "2"), link: target)
    }

    /// The whole archive with its end mark, two empty blocks.
    package func finished() -> [UInt8] { bytes + [UInt8](repeating: 0, count: 2 * Self.blockSize) }

    /// One header block; offsets and widths as in pax(1), "ustar Interchange Format".
    private mutating func addHeader(_ path: String, mode: Int, size: Int, type: UInt8, link: String) {
        precondition(path.utf8.count < 100 && link.utf8.count < 100, "tar: name too long: \(path)")
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        Self.put(path, at: 0, in: &block)
        Self.putOctal(mode, at: 100, digits: 7, in: &block)
        Self.putOctal(0, at: 108, digits: 7, in: &block)
        Self.putOctal(0, at: 116, digits: 7, in: &block)
        Self.putOctal(size, at: 124, digits: 11, in: &block)
        Self.putOctal(0, at: 136, digits: 11, in: &block)
        block[156] = type
        Self.put(link, at: 157, in: &block)
        Self.put("ustar", at: 257, in: &block)
        Self.put("00", at: 263, in: &block)
        Self.put("root", at: 265, in: &block)
        Self.put("root", at: 297, in: &block)
        // The sum counts its own field as eight blanks.
        for index in 148..<156 { block[index] = UInt8(ascii: " ") }
        let sum = block.reduce(0) { $0 + Int($1) }
        Self.putOctal(sum, at: 148, digits: 6, in: &block)
        block[154] = 0
        bytes.append(contentsOf: block)
    }

    private static func put(_ text: String, at offset: Int, in block: inout [UInt8]) {
        for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
    }

    private static func putOctal(_ value: Int, at offset: Int, digits: Int, in block: inout [UInt8]) {
        let text = String(value, radix: 8)
        put(String(repeating: "0", count: max(0, digits - text.utf8.count)) + text, at: offset, in: &block)
    }
}
